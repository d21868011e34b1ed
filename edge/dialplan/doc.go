// Package dialplan writes the piece of dialplan that hands a reference from one PBX to the next with every call, and
// includes it from the dialplan there is. It changes no line that it did not write, runs nothing and reloads nothing.
//
//	extensions.conf                       extensions_callweave.conf
//	  …what the administrator wrote         callweave-out    adds the header X-Call-Ref to a leg to a peer
//	  #include extensions_callweave.conf    callweave-in     takes it from a leg of a peer, into CALLWEAVE_REF
//
// A dialplan of one's own names the two where it dials and where calls come in; [Installation] says where they are missing.
// FreePBX has hooks for both, and there the include goes to extensions_custom.conf.
package dialplan
