// Package mail keeps the mail server of a tenant and sends letters through it. It knows nothing of what is in them.
//
// The server's address is the tenant's to say, so it is treated as a stranger's: connections go to public addresses and the
// ports of mail only, unless the deployment allows private ones, and the address is checked as it is dialed, not before. The
// password is sealed for the tenant with a key of the deployment, never comes back out, and has to be given anew when the
// server changes.
package mail
