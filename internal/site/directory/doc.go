// Package directory is what a list of services that help consists of: who answers, in which languages, when, at what cost, and
// what happens then. Its goal is that a reader in need never dials a number that is closed, gone or of unknown age: opening hours
// are computed for a given moment, public holidays and the change of the clocks included, and each entry names who checked it,
// when, and until when it may be trusted.
//
// Opening hours are a subset of the OpenStreetMap specification of opening_hours
// (https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification), which [ParseHours] describes; the public holidays are
// Poland's. Services are exchanged as Open Referral HSDS by package hsds. Everything here is a pure function of values and a given
// time: what is stored and who may change it is site's.
//
// It holds no address of a place where people are sheltered.
package directory
