// Package proof holds every figure of every report against SQL. Its tests write a month (lab/month) into Postgres and play the
// corpus's recordings into it, compute each table by the engine and, from the definitions and without the engine's code,
// by queries of their own, and compare row by row. Queue figures of recordings are held against the PBX's own queue_log. It
// has nothing but tests.
package proof
