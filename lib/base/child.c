#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"

#define SENT 0x80 /* beside the number: a process sent it */

static int pipe_fds[2];

static void
on_signal(int sig, siginfo_t *info, void *unused)
{
	unsigned char note = (unsigned char)sig;
	int kept = errno;
	ssize_t n;

	(void)unused;
	if (info->si_code <= 0)
		note |= SENT;
	n = write(pipe_fds[1], &note, 1);
	(void)n; /* full: as many are waiting already */
	errno = kept;
}

static int
catch_signals(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGCHLD };
	struct sigaction sa = { .sa_sigaction = on_signal,
		.sa_flags = SA_SIGINFO | SA_RESTART | SA_NOCLDSTOP };
	struct sigaction ignore = { .sa_handler = SIG_IGN };

	sigemptyset(&sa.sa_mask);
	sigemptyset(&ignore.sa_mask);
	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		if (sigaction(signals[i], &sa, NULL))
			return -1;
	return sigaction(SIGPIPE, &ignore, NULL);
}

int
child_signals(struct err *e)
{
	if (pipe(pipe_fds))
		return err_set(e, "pipe: %s", strerror(errno));
	for (int i = 0; i < 2; i++) {
		fcntl(pipe_fds[i], F_SETFD, FD_CLOEXEC);
		fcntl(pipe_fds[i], F_SETFL, O_NONBLOCK);
	}
	if (catch_signals())
		return err_set(e, "sigaction: %s", strerror(errno));
	return pipe_fds[0];
}

int
child_signal(int fd, bool *sent)
{
	unsigned char note;

	if (read(fd, &note, 1) != 1)
		return 0;
	*sent = note & SENT;
	return note & ~SENT;
}

static _Noreturn void
become(char *const argv[])
{
	struct sigaction standard = { .sa_handler = SIG_DFL };

	sigemptyset(&standard.sa_mask);
	sigaction(SIGPIPE, &standard, NULL);
	execvp(argv[0], argv);
	warn("%s: %s", argv[0], strerror(errno));
	_exit(errno == ENOENT ? 127 : 126);
}

pid_t
child_start(char *const argv[], struct err *e)
{
	pid_t pid = fork();

	if (pid < 0)
		return err_set(e, "fork: %s", strerror(errno));
	if (pid == 0)
		become(argv);
	return pid;
}

bool
child_ended(pid_t pid, int *status)
{
	int how;

	if (waitpid(pid, &how, WNOHANG) != pid)
		return false;
	*status = WIFSIGNALED(how) ? 128 + WTERMSIG(how) : WEXITSTATUS(how);
	return true;
}
