#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/stop.h"
#include "model/ask_run.h"

#define SYNC_EVERY 1 /* seconds between syncs of the journal */

static volatile sig_atomic_t asked;

static void
on_question(int number)
{
	asked = number;
}

static void
catch_signals(void)
{
	struct sigaction question = { .sa_handler = on_question };
	struct sigaction none = { .sa_handler = SIG_IGN };

	sigaction(SIGUSR1, &question, NULL);
	sigaction(SIGPIPE, &none, NULL); /* a server may hang up any time */
	sigaction(
		SIGXFSZ, &none, NULL); /* a file's bound is like a full disk */
}

/* Bytes of all input, 0 where some of it is no plain file. */
static uint64_t
input_size(char **files)
{
	uint64_t sum = 0;
	struct stat s;

	for (; *files; files++) {
		bool dash = strcmp(*files, "-") == 0;

		if ((dash ? fstat(STDIN_FILENO, &s) : stat(*files, &s)) ||
			!S_ISREG(s.st_mode))
			return 0;
		sum += (uint64_t)s.st_size;
	}
	return sum;
}

void
ask_watch_open(struct ask_run *run)
{
	run->progress.size = input_size(run->st->files);
	run->synced = run->now;
	ticker_begin(&run->ticker, run->conf->progress, run->st->out_fd);
	run->st->stops_itself = !run->conf->dry_run;
	stop_watch();
	catch_signals();
}

/* Telling people. */

static void
show_progress(struct ask_run *run)
{
	bool due = ticker_due(&run->ticker, run->now);
	struct buf b = { 0 };

	if (!asked && !due)
		return;
	progress_now(&b, &run->progress, run->now, http_flying(run->http));
	if (asked) {
		asked = 0;
		warn("%s", buf_cstr(&b));
	}
	if (due)
		ticker_show(&run->ticker, buf_cstr(&b));
	buf_release(&b);
}

void
ask_watch(struct ask_run *run)
{
	struct err e;

	if (stop_asked())
		ask_stop(run, ST_CUT,
			"interrupted; waiting for the replies under way, which "
			"a second signal gives up; %s",
			ask_go_on(run));
	if (run->st->unwritable)
		ask_stop(run, ST_CUT, "nothing more is asked; %s",
			ask_go_on(run));
	if (run->stopping)
		ask_abandon(run);
	show_progress(run);
	if (!run->journal || run->now - run->synced < SYNC_EVERY)
		return;
	run->synced = run->now;
	if (journal_sync(run->journal, &e))
		ask_stop(run, ST_CUT, "the journal cannot be written: %s",
			e.msg);
}

void
ask_watch_close(struct ask_run *run)
{
	struct buf b = { 0 };

	if (run->skipped && run->progress.replies + run->progress.kept)
		warn("%llu %s not in the output",
			(unsigned long long)run->skipped,
			run->skipped == 1 ? "record that was begun is"
					  : "records that were begun are");
	if (ticker_ends(&run->ticker) || progress_failures(&run->progress)) {
		progress_end(&b, &run->progress, run->now);
		warn("%s", buf_cstr(&b));
		buf_release(&b);
	}
}
