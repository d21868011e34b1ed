//go:build !linux

package spool

import "os"

// The agent runs on Linux. These make the package build and its tests run elsewhere.

func datasync(f *os.File) error                { return f.Sync() }
func preallocate(f *os.File, size int64) error { return f.Truncate(size) }
func lock(*os.File) error                      { return nil }
