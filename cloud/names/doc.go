// Package names tells reports who is who: it reads report.Names of a period from the database, without what the viewer may
// not see. It writes nothing and decides nothing.
package names
