// Package truth knows what really happened in a lab run, as the phones themselves lived it, and compares assembled calls
// with it. It does not run anything and reads no AMI: the truth must not come from what it is to check.
package truth
