// Package directory is what a list of services that help consists of: who answers, in which languages, when, at what cost, and
// what happens then. It holds no address of a place where people are sheltered.
package directory
