// Package logs reads what Asterisk itself writes about its calls: queue_log, CEL and CDR, as files and as tables exported
// to CSV, and puts the rows of all of them in order of time. It decides nothing about calls; what it cannot read it counts
// and shows.
//
//	queue_log  1795385476|pbx-a-1795385476.0|600|NONE|ENTERQUEUE||79161234501|1
//	           time|call|queue|agent|event|data…, or the columns of the table queue_log
//	CEL        "CHAN_START","1795385476.775441","","79161234501",…: the columns of cel_custom.conf as it comes, or any
//	           with a header
//	CDR        "","79161234501","600","queues",…: the columns of Master.csv, or those of the table cdr with a header
//
// Times are seconds since 1970, or are local times, whose zone the caller says (moment.go).
package logs
