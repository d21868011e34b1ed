// Package pbx runs real Asterisks for tests: each one in a chroot and a private mount namespace, as the chroot's user
// asterisk, on a loopback address of its own, with a configuration made for the run. It does not place calls and knows
// nothing of phones.
package pbx
