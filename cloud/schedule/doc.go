// Package schedule sends reports by e-mail at set times: what a schedule is, when it is due, and the letters of each sending.
// It computes no figure and speaks to no mail server itself.
//
//	schedule_due ──(every half minute, by whichever node leads)──▶ job: tenant, schedule, moment
//	job ─▶ sending, due put forward ─▶ may its owner? ─▶ report, per language ─▶ letters, one by one
//	letter: waiting ─▶ sending ─▶ sent | unsure | failed, or waiting again
//
// "sending" is committed before the mail server is spoken to, the outcome after. Whoever finds a letter in "sending" was not
// there when it went out, or did not: it becomes "unsure" and is not sent again, because two of the same are worse than a line
// in the history that says so. Everything before may be done any number of times.
//
// Jobs are river's (https://riverqueue.com). Its tables stand in a schema of their own that no tenant's transaction can
// reach, and hold ids and a moment: what is to be sent, to whom, and what came of it is in the tenant's tables.
package schedule
