/* Attacks that a container is kept from, one a run: `attack NAME PROOF`. Where one succeeds, and only there, it makes the
 * file PROOF: tests look whether it is there. Built by the tests, static, into images of theirs.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define SIZE 4096

#if defined(__x86_64__)

static long by_interrupt(long number, long a, long b, long c, long d, long e)
{
	long result;
	asm volatile("push %%rbp\n\tint $0x80\n\tpop %%rbp"
		     : "=a"(result)
		     : "a"(number), "b"(a), "c"(b), "d"(c), "S"(d), "D"(e)
		     : "memory", "r8", "r9", "r10", "r11");
	return result;
}

static int i386_namespaces(void)
{
	return by_interrupt(310, CLONE_NEWUSER, 0, 0, 0, 0) == 0;
}

static int i386_mount(void)
{
	static char text[SIZE];
	/* Addresses of 32 bits: a static program that is not moved has its data there. */
	strcpy(text, "none");
	strcpy(text + 16, "/mnt");
	strcpy(text + 32, "tmpfs");
	return by_interrupt(21, (long)text, (long)text + 16, (long)text + 32, 0, 0) == 0;
}

/* By the one call for all of sockets, as programs of 32 bits make it that are linked with musl. */
static int i386_connect(void)
{
	static struct sockaddr_in to = { .sin_family = AF_INET };
	static int socket_words[3] = { AF_INET, SOCK_STREAM, 0 };
	static unsigned connect_words[3];
	to.sin_port = htons(4444);
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	connect_words[0] = by_interrupt(102, 1, (long)socket_words, 0, 0, 0);
	connect_words[1] = (unsigned)(long)&to;
	connect_words[2] = sizeof(to);
	return by_interrupt(102, 3, (long)connect_words, 0, 0, 0) == 0;
}

/* Datagrams by `sendmmsg`, two of them, whose heads are of 32 bits. */
static int i386_send(void)
{
	static struct sockaddr_in to[2];
	static unsigned messages[2][8], words[4];
	for (int turn = 0; turn < 2; turn++) {
		to[turn].sin_family = AF_INET;
		to[turn].sin_port = htons(4445 + turn);
		to[turn].sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		messages[turn][0] = (unsigned)(long)&to[turn];
		messages[turn][1] = sizeof(to[turn]);
	}
	words[0] = socket(AF_INET, SOCK_DGRAM, 0);
	words[1] = (unsigned)(long)messages;
	words[2] = 2;
	return by_interrupt(102, 20, (long)words, 0, 0, 0) == 2;
}

#endif

static int make_namespaces(void)
{
	return unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0 && mount("none", "/tmp", "tmpfs", 0, 0) == 0 && umount("/tmp") == 0;
}

static int end(void *unused)
{
	return 0;
}

static char stack[65536] __attribute__((aligned(16)));

static int clone_namespaces(void)
{
	int child = clone(end, stack + sizeof(stack), CLONE_NEWUSER | SIGCHLD, 0);
	return child > 0 && waitpid(child, 0, 0) == child;
}

static int clone3_namespaces(void)
{
	unsigned long long arguments[8] = { CLONE_NEWUSER, 0, 0, 0, SIGCHLD };
	long child = syscall(SYS_clone3, arguments, sizeof(arguments));
	if (child == 0)
		_exit(0);
	return child > 0 && waitpid(child, 0, 0) == child;
}

static int enter_namespace(void)
{
	int descriptor = open("/proc/self/ns/uts", O_RDONLY);
	return descriptor >= 0 && setns(descriptor, CLONE_NEWUTS) == 0;
}

static int mount_folder(void)
{
	return mount("none", "/mnt", "tmpfs", 0, 0) == 0;
}

static int mount_by_descriptor(void)
{
	return syscall(SYS_fsopen, "tmpfs", 0) >= 0;
}

/* It sleeps by now, and ends with whoever made it: that may be killed for what it does next. */
static pid_t sleeping_child(void)
{
	char byte;
	int ready[2];
	pid_t child = pipe(ready) == 0 ? fork() : -1;
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(ready[0]);
		close(ready[1]);
		pause();
		_exit(0);
	}
	close(ready[1]);
	while (read(ready[0], &byte, 1) > 0)
		;
	close(ready[0]);
	return child;
}

static int trace_child(void)
{
	pid_t child = sleeping_child();
	long result = ptrace(PTRACE_ATTACH, child, 0, 0);
	if (result == 0)
		waitpid(child, 0, 0);
	kill(child, SIGKILL);
	return result == 0;
}

static int read_child(void)
{
	char bytes[8];
	struct iovec own = { bytes, 8 }, other = { stack, 8 };
	pid_t child = sleeping_child();
	long result = process_vm_readv(child, &own, 1, &other, 1, 0);
	kill(child, SIGKILL);
	return result == 8;
}

/* A module that is none: whoever may load modules is told so, and not that it is forbidden. */
static int load_module(void)
{
	char image[64] = "no module";
	return syscall(SYS_init_module, image, sizeof(image), "") == 0 || errno == ENOEXEC;
}

static int make_map(void)
{
	union bpf_attr attributes;
	memset(&attributes, 0, sizeof(attributes));
	attributes.map_type = BPF_MAP_TYPE_ARRAY;
	attributes.key_size = attributes.value_size = 4;
	attributes.max_entries = 1;
	return syscall(SYS_bpf, BPF_MAP_CREATE, &attributes, sizeof(attributes)) >= 0;
}

static int add_key(void)
{
	return syscall(SYS_add_key, "user", "proof", "x", 1, -2) > 0;
}

static int become_root(void)
{
	return setresuid(0, 0, 0) == 0 && geteuid() == 0;
}

/* With a setuid bit. */
static int is_root(void)
{
	return geteuid() == 0;
}

/* By what the kernel calls it, and no path: whoever may so leaves the container by it. */
static int open_by_handle(const char *path)
{
	struct {
		struct file_handle head;
		unsigned char bytes[MAX_HANDLE_SZ];
	} handle = { .head.handle_bytes = MAX_HANDLE_SZ };
	int mount, folder = open("/run", O_RDONLY | O_DIRECTORY);
	return name_to_handle_at(AT_FDCWD, path, &handle.head, &mount, 0) == 0 &&
	       open_by_handle_at(folder, &handle.head, O_RDONLY) >= 0;
}

/* A program that lies nowhere. */
static int run_from_memory(const char *proof)
{
	int descriptor = syscall(SYS_memfd_create, "x", 0), self = open("/proc/self/exe", O_RDONLY);
	char bytes[SIZE], path[32];
	for (ssize_t size; (size = read(self, bytes, SIZE)) > 0;)
		if (write(descriptor, bytes, size) != size)
			return 0;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", descriptor);
	execl(path, "attack", "prove", proof, (char *)0);
	return 0;
}

static int prove(void)
{
	return 1;
}

static int connect_to(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int descriptor = socket(AF_UNIX, SOCK_STREAM, 0);
	strncpy(address.sun_path, path, sizeof(address.sun_path) - 1);
	return connect(descriptor, (struct sockaddr *)&address, sizeof(address)) == 0;
}

static int open_raw_socket(void)
{
	return socket(AF_INET, SOCK_RAW, 1) >= 0;
}

static int open_packet_socket(void)
{
	return socket(AF_PACKET, SOCK_DGRAM, 0) >= 0;
}

static const struct {
	const char *name;
	int (*succeeds)(void);
} attacks[] = {
	{ "namespaces", make_namespaces }, { "clone", clone_namespaces }, { "clone3", clone3_namespaces },
	{ "setns", enter_namespace },	   { "mount", mount_folder },	  { "fsopen", mount_by_descriptor },
	{ "ptrace", trace_child },	   { "read-memory", read_child }, { "module", load_module },
	{ "bpf", make_map },		   { "key", add_key },		  { "setuid", become_root },
	{ "gain", is_root },		   { "prove", prove },		  { "raw-socket", open_raw_socket },
	{ "packet-socket", open_packet_socket },
#if defined(__x86_64__)
	{ "i386-namespaces", i386_namespaces },
	{ "i386-mount", i386_mount },
	{ "i386-connect", i386_connect },
	{ "i386-send", i386_send },
#elif defined(__arm__)
	{ "arm-namespaces", make_namespaces },
	{ "arm-mount", mount_folder },
#endif
};

int main(int count, char **words)
{
	int succeeded = 0;
	if (count < 3)
		return 2;
	if (!strcmp(words[1], "memory"))
		run_from_memory(words[2]);
	else if (!strcmp(words[1], "socket") && count == 4)
		succeeded = connect_to(words[3]);
	else if (!strcmp(words[1], "handle") && count == 4)
		succeeded = open_by_handle(words[3]);
	for (unsigned at = 0; at < sizeof(attacks) / sizeof(*attacks); at++)
		if (!strcmp(words[1], attacks[at].name))
			succeeded = attacks[at].succeeds();
	if (succeeded)
		close(open(words[2], O_CREAT | O_WRONLY, 0644));
	printf("%s %s\n", words[1], succeeded ? "succeeded" : "failed");
	return !succeeded;
}
