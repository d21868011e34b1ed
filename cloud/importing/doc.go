// Package importing brings a past along: it reads the logs a PBX wrote before anybody listened to it, has the assembler at
// work make calls of them, and puts those calls beside the ones that were heard. What was heard stands; where the logs say
// otherwise that is listed.
//
//	files ─▶ logs ─▶ in order of time ─▶ logs/retell ─▶ cloud/call ─▶ calls ─▶ same channel stored? ─┬▶ heard live: compare, list
//	                 (temporary files                                                                ├▶ imported before: replace
//	                  for what is too much)                                                          └▶ new: write
//
// The identifiers of calls follow from PBX and channel, so that the same logs give the same calls however often they are
// imported. A run keeps its counts and its list of differences in the tables imports and import_differences.
package importing
