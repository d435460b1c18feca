/* Opens a file and connects through io_uring alone: no system call says so. With a path, connects to the socket there;
 * with `threads`, starts and ends many; with `strange`, speaks to addresses of which nothing can be told, then listens;
 * with `datagrams` and a port, waits there; with `routes`, asks for one and sends to another, and takes a pair of sockets as
 * its input. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

static int ring;
static struct io_uring_params params;
static struct io_uring_sqe *requests;
static char *submitted, *completed;

static int ask(struct io_uring_sqe request)
{
	unsigned *tail = (unsigned *)(submitted + params.sq_off.tail);
	unsigned mask = *(unsigned *)(submitted + params.sq_off.ring_mask);
	unsigned *array = (unsigned *)(submitted + params.sq_off.array);
	requests[*tail & mask] = request;
	array[*tail & mask] = *tail & mask;
	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
	syscall(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, 0, 0);
	unsigned *head = (unsigned *)(completed + params.cq_off.head);
	struct io_uring_cqe *answers = (void *)(completed + params.cq_off.cqes);
	int result = answers[*head & *(unsigned *)(completed + params.cq_off.ring_mask)].res;
	__atomic_store_n(head, *head + 1, __ATOMIC_RELEASE);
	return result;
}

static int connect_to(const char *path)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	strncpy(to.sun_path, path, sizeof(to.sun_path) - 1);
	int result = connect(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *)&to, sizeof(to));
	printf("connected %d\n", result);
	return 0;
}

static void *end_at_once(void *nothing)
{
	return nothing;
}

/* What the flags of a call lay in holds something else before the thread that was made runs. */
static __attribute__((noinline)) void use_again(void)
{
	char below[8192];
	memset(below, 0xff, sizeof(below));
	asm volatile("" : : "r"(below) : "memory");
}

static int start_threads(void)
{
	int started = 0;
	for (int i = 0; i < 500; i++) {
		pthread_t thread;
		started += pthread_create(&thread, 0, end_at_once, 0) == 0;
		use_again();
		pthread_join(thread, 0);
	}
	printf("started %d\n", started);
	return 0;
}

/* No family, a foreign one, none of ours, too short: whatever is made of these, what comes after them is told. */
static int speak_strangely(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(9), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct sockaddr none = { .sa_family = AF_UNSPEC }, netlink = { .sa_family = AF_NETLINK };
	int datagrams = socket(AF_INET, SOCK_DGRAM, 0);
	for (int i = 0; i < 2; i++) {
		connect(datagrams, &none, sizeof(none));
		connect(datagrams, &netlink, sizeof(netlink));
		connect(datagrams, (struct sockaddr *)&to, 8);
		connect(datagrams, (struct sockaddr *)1, sizeof(to));
		connect(datagrams, 0, 0);
	}
	/* Datagrams of IPv4 reach whom they name without a family, and many may be sent in one call. */
	to.sin_family = AF_UNSPEC;
	to.sin_port = htons(19);
	int sent = sendto(datagrams, "x", 1, 0, (struct sockaddr *)&to, sizeof(to)) == 1;
	struct sockaddr_in others[2] = { to, to };
	struct iovec text = { "x", 1 };
	struct mmsghdr messages[2] = {};
	for (int i = 0; i < 2; i++) {
		others[i].sin_family = AF_INET;
		others[i].sin_port = htons(29 + 10 * i);
		messages[i].msg_hdr = (struct msghdr){ &others[i], sizeof(to), &text, 1, 0, 0, 0 };
	}
	sent += sendmmsg(datagrams, messages, 2, 0);
	to.sin_family = AF_INET;
	to.sin_port = htons(7002);
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	int listens = bind(listener, (struct sockaddr *)&to, sizeof(to)) == 0 && listen(listener, 1) == 0;
	int unshares = unshare(CLONE_NEWUTS) == 0;
	printf("sent %d, listens %d, unshares %d\n", sent, listens, unshares);
	return 0;
}

/* Takes datagrams at a port, beside a socket that asks for none. */
static int take_datagrams(int port)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int client = socket(AF_INET, SOCK_DGRAM, 0), server = socket(AF_INET, SOCK_DGRAM, 0);
	int binds = bind(client, (struct sockaddr *)&at, sizeof(at)) == 0;
	at.sin_port = htons(port);
	binds += bind(server, (struct sockaddr *)&at, sizeof(at)) == 0;
	printf("binds %d\n", binds);
	fflush(stdout);
	pause();
	return 0;
}

/* As lookups of names ask for the route to an address, and send nothing there. */
static int ask_for_routes(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(69), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int pair[2], asking = socket(AF_INET, SOCK_DGRAM, 0), sending = socket(AF_INET, SOCK_DGRAM, 0);
	int writing = socket(AF_INET, SOCK_DGRAM, 0);
	int done = connect(asking, (struct sockaddr *)&to, sizeof(to)) == 0;
	to.sin_port = htons(79);
	done += connect(sending, (struct sockaddr *)&to, sizeof(to)) == 0 && send(sending, "x", 1, 0) == 1;
	to.sin_port = htons(89);
	done += connect(writing, (struct sockaddr *)&to, sizeof(to)) == 0 && write(writing, "x", 1) == 1;
	done += socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0 && dup2(pair[0], 0) == 0;
	printf("did %d\n", done);
	return 0;
}

/* The same address and port in one protocol, and once that is known in another. */
static int speak_two_protocols(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(7040), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int listener = socket(AF_INET, SOCK_STREAM, 0), stream = socket(AF_INET, SOCK_STREAM, 0);
	int done = bind(listener, (struct sockaddr *)&to, sizeof(to)) == 0 && listen(listener, 1) == 0;
	done += connect(stream, (struct sockaddr *)&to, sizeof(to)) == 0;
	usleep(500 * 1000);
	done += connect(socket(AF_INET, SOCK_DGRAM, 0), (struct sockaddr *)&to, sizeof(to)) == 0;
	printf("did %d\n", done);
	return 0;
}

int main(int count, char **words)
{
	if (count == 2 && strcmp(words[1], "protocols") == 0)
		return speak_two_protocols();
	if (count == 2 && strcmp(words[1], "routes") == 0)
		return ask_for_routes();
	if (count == 3 && strcmp(words[1], "datagrams") == 0)
		return take_datagrams(atoi(words[2]));
	if (count == 2 && strcmp(words[1], "strange") == 0)
		return speak_strangely();
	if (count == 2 && strcmp(words[1], "threads") == 0)
		return start_threads();
	if (count == 2)
		return connect_to(words[1]);
	ring = syscall(SYS_io_uring_setup, 4, &params);
	if (ring < 0) {
		printf("no ring\n");
		return 0;
	}
	unsigned size = params.sq_off.array + params.sq_entries * 4 + params.cq_off.cqes + params.cq_entries * 16;
	submitted = mmap(0, size, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQ_RING);
	completed = mmap(0, size, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_CQ_RING);
	requests = mmap(0, 4 * sizeof(*requests), PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQES);
	struct io_uring_sqe open = { .opcode = IORING_OP_OPENAT, .fd = AT_FDCWD, .open_flags = O_RDONLY };
	open.addr = (unsigned long)"etc/../etc/passwd";
	printf("opened %d\n", ask(open));
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(9) };
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	struct io_uring_sqe connect = { .opcode = IORING_OP_CONNECT, .off = sizeof(to) };
	connect.fd = socket(AF_INET, SOCK_STREAM, 0);
	connect.addr = (unsigned long)&to;
	printf("connected %d\n", ask(connect));
	return 0;
}
