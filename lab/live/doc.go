// Package live holds the tests of the whole: real Asterisks, real phones, the built binaries, a real Postgres. It has no
// code of its own beside them.
package live
