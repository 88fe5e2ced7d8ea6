#include "stop.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t asked;

static void
on_stop(int number)
{
	if (asked) {
		signal(number, SIG_DFL);
		raise(number);
	}
	asked = number;
}

void
stop_watch(void)
{
	static const int signals[] = { SIGINT, SIGTERM };
	struct sigaction stop = { .sa_handler = on_stop };
	struct sigaction old;

	sigemptyset(&stop.sa_mask);
	for (int i = 0; i < 2; i++)
		if (sigaction(signals[i], NULL, &old) == 0 &&
			old.sa_handler == SIG_DFL)
			sigaction(signals[i], &stop, NULL);
}

bool
stop_asked(void)
{
	return asked != 0;
}
