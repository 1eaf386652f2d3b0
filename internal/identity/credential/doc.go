// Package credential holds what proves that somebody is who they say: passwords and their hashes, one-time links, the marks of
// browsers in which people have signed in before, and the counting of tries that slows a guesser and locks no owner out.
//
// It knows persons by their ids alone. Who a person is, whether they may come in and what they may do there, is identity's to
// say, which stands above this package and in whose transactions it works. It keeps no secret as it is: of a password there is
// a hash (RFC 9106), of a token its digest, of an address a keyed index; a copy of the database lets nobody in.
package credential
