// Package scenario holds what happens in the lab: short plays of phones on real PBXs, each with the truth of what they
// lived. The truth comes from the phones alone, never from AMI. The package does not judge what others made of it.
//
// A scenario reads from top to bottom, in real time: phones ring and talk for seconds. A step that fails ends it, as
// FailNow ends a test.
package scenario
