// Package wire is the contract between edge agent and cloud: typed events, batches, frames, error codes and their
// encoding. It opens nothing and reads no clock.
package wire
