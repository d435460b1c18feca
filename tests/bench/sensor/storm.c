/* Makes one kind of system call over and over, and prints what that cost: calls, then nanoseconds of processor. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static long long nanoseconds(void)
{
	struct timespec own;
	struct rusage children;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &own);
	getrusage(RUSAGE_CHILDREN, &children);
	return own.tv_sec * 1000000000LL + own.tv_nsec +
	       (children.ru_utime.tv_sec + children.ru_stime.tv_sec) * 1000000000LL +
	       (children.ru_utime.tv_usec + children.ru_stime.tv_usec) * 1000LL;
}

static void call_once(const char *kind, const char *self, int turn)
{
	if (!strcmp(kind, "call")) {
		syscall(SYS_getppid);
	} else if (!strcmp(kind, "open")) {
		close(open("/etc/passwd", O_RDONLY));
	} else if (!strcmp(kind, "create")) {
		char path[64];
		snprintf(path, sizeof(path), "/tmp/storm-%d-%d", getpid(), turn);
		close(open(path, O_CREAT | O_WRONLY, 0600));
		unlink(path);
	} else if (!strcmp(kind, "connect")) {
		struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(9) };
		to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		int descriptor = socket(AF_INET, SOCK_STREAM, 0);
		connect(descriptor, (struct sockaddr *)&to, sizeof(to));
		close(descriptor);
	} else if (!strcmp(kind, "program")) {
		char *words[] = { "storm", "nothing", 0 };
		pid_t child;
		if (posix_spawn(&child, self, 0, 0, words, environ) == 0)
			waitpid(child, 0, 0);
	}
}

int main(int count, char **words)
{
	if (count < 3)
		return 0;
	int turns = atoi(words[2]);
	long long from = nanoseconds();
	for (int turn = 0; turn < turns; turn++)
		call_once(words[1], words[0], turn);
	printf("%d %lld\n", turns, nanoseconds() - from);
	return 0;
}
