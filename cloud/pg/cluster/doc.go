// Package cluster finds installed PostgreSQL binaries and runs a private cluster from them: Unix socket only, peer
// authentication, no password anywhere. It does not know what is stored in it.
//
// PostgreSQL refuses to run as root. Started as root, a cluster runs as the owner of its data directory, or, where there
// is none yet, as a system user (postgres, else callweave, which is made if need be); started by anybody else it runs as
// that user.
package cluster
