/* SPDX-License-Identifier: GPL-2.0-only OR MIT
 * What processes of watched containers do, as the kernel sees it. Whatever is not of a watched cgroup leaves each program
 * at its first question. Works where neither kprobes nor trampolines are had: BTF tracepoints alone.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include "kernel.h"
#include "event.h"
#include "calls.h"
#include "machine.h"
#include "maps.h"
#include "watched.h"
#include "preparing.h"
#include "begin.h"
#include "paths.h"
#include "cgroups.h"
#include "behaviour-key.h"
#include "permits.h"
#include "known.h"
#include "secrets.h"
#include "guards.h"
#include "programs.h"
#include "addresses.h"
#include "used.h"
#include "capabilities.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* `struct mmsghdr`, and how many of them are looked at in one call: the kernel takes no more. */
#define MESSAGE_SIZE 64
#define FOREIGN_MESSAGE_SIZE 32
#define MOST_MESSAGES 1024
#define NEW_NAMESPACES 0x7e020080
#define AT_FDCWD -100
/* FMODE_READ, FMODE_WRITE, FMODE_CREATED */
#define FILE_MODES 0x100003

static __always_inline struct file *file_of(struct task_struct *task, __u32 descriptor)
{
	struct fdtable *table = task->files->fdt;
	if (descriptor >= table->max_fds)
		return 0;
	return (void *)FIELD((struct list_head *)(table->fd + descriptor), next);
}

static __always_inline int is_socket(struct file *file)
{
	return (FIELD(file, f_inode, i_mode) & 0170000) == 0140000;
}

static __always_inline struct sock *socket_of(struct task_struct *task, __u32 descriptor)
{
	struct file *file = file_of(task, descriptor);
	if (!file || !is_socket(file))
		return 0;
	struct socket *socket = FIELD(file, private_data);
	return FIELD(socket, sk);
}

/* Both ends of a socket: family and protocol, ports, then addresses as texts of 4 or 16 bytes. Others have neither. */
static __noinline __u32 append_socket(struct event *event, struct file *file)
{
	struct socket *socket = BPF_CORE_READ(file, private_data);
	struct sock *sock = BPF_CORE_READ(socket, sk);
	__u16 family = BPF_CORE_READ(sock, __sk_common.skc_family);
	__u32 at = 0, size = family == AF_INET6 ? 16 : 4;
	for (int i = 0; i < 6; i++)
		event->values[i] = 0;
	event->values[0] = family;
	event->values[1] = BPF_CORE_READ(sock, sk_protocol);
	if (family != AF_INET && family != AF_INET6)
		return 0;
	event->values[2] = __builtin_bswap16(BPF_CORE_READ(sock, __sk_common.skc_dport));
	event->values[3] = BPF_CORE_READ(sock, __sk_common.skc_num);
	at = append_kernel(event, 0, at,
			   size == 16 ? (void *)__builtin_preserve_access_index(&sock->__sk_common.skc_v6_daddr)
				      : (void *)__builtin_preserve_access_index(&sock->__sk_common.skc_daddr),
			   size);
	return append_kernel(event, 1, at,
			     size == 16 ? (void *)__builtin_preserve_access_index(&sock->__sk_common.skc_v6_rcv_saddr)
					: (void *)__builtin_preserve_access_index(&sock->__sk_common.skc_rcv_saddr),
			     size);
}

static __noinline struct event *begin_call(enum kind kind, const struct call *call)
{
	struct event *event = begin(kind);
	if (!event)
		return 0;
	event->call = call->number;
	event->result = call->result;
	for (int i = 0; i < 6; i++)
		event->values[i] = call->arguments[i];
	return event;
}

static __always_inline void on_open(struct watch *watch, const struct call *call)
{
	struct file *file = call->result >= 0 ? file_of(call->task, call->result) : 0;
	if (!file)
		return;
	struct inode *inode = FIELD(file, f_inode);
	__u64 mode = FIELD(file, f_mode) & FILE_MODES;
	struct known_key key = { .actor = actor_of(watch, call->task), .object = object_of(inode, mode) };
	__u64 decision = guards(watch) & CREDENTIALS ? guard_open(file) : LET;
	if (decision == LET && is_known(&key))
		return;
	struct event *event = is_socket(file) ? 0 : begin_call(KIND_OPEN, call);
	if (!event)
		return;
	event->key = key;
	event->values[0] = mode;
	event->values[1] = BPF_CORE_READ(inode, i_ino);
	event->values[2] = BPF_CORE_READ(inode, i_sb, s_dev) | (__u64)flags_of(file) << 32;
	event->values[3] = BPF_CORE_READ(inode, i_mode) | decision << 32;
	finish(event, append_path(event, 0, 0, path_of(file)));
}

/* Where a relative path of a call begins: the folder that is given, or the working directory. */
static __noinline __u32 append_base(struct event *event, int slot, __u32 at, int folder)
{
	if (folder == AT_FDCWD)
		return append_path(event, slot, at, working_directory());
	struct file *file = file_of(bpf_get_current_task_btf(), folder);
	return file ? append_path(event, slot, at, path_of(file)) : at;
}

/* Texts of a call: up to two paths as they were given, and where the first begins. */
static __noinline void on_paths(const struct call *call, int folder, __u64 first, __u64 second)
{
	if (call->result < 0)
		return;
	struct event *event = begin_call(KIND_PATHS, call);
	if (!event)
		return;
	__u32 at = append_base(event, 0, 0, folder);
	at = append_user_text(event, 1, at, first);
	if (second)
		at = append_user_text(event, 2, at, second);
	finish(event, at);
}

/* The socket that is spoken to, where it is a file: whatever it is called here, what its listener called it. */
static __always_inline __u32 append_listener(struct event *event, __u32 at, struct sock *sock)
{
	struct unix_sock *other = (void *)BPF_CORE_READ((struct unix_sock *)sock, peer);
	struct path *path = __builtin_preserve_access_index(&other->path);
	return other && BPF_CORE_READ(path, dentry) ? append_path(event, 1, at, number_of(path)) : at;
}

/* What most calls are told by is known before anything is made of it. */
static __noinline void on_address(struct watch *watch, const struct call *call, __u64 address, __u32 size)
{
	struct known_key key = {};
	struct peer_head head;
	__u32 decision = guards(watch) & (UNKNOWN_CONNECTIONS | SOCKET_FILES) ? take_decision() : LET;
	struct sock *sock = socket_of(call->task, call->arguments[0]);
	if (!read_peer(&head, call, sock, address, size))
		return;
	if (head.family != AF_UNIX) {
		key_of_head(watch, &head, sock, call, &key);
		if (is_known(&key) && decision == LET)
			return;
	}
	struct event *event = begin_call(KIND_CONNECT, call);
	if (!event)
		return;
	for (int i = 0; i < 6; i++)
		event->values[i] = 0;
	__u32 at = append_peer(event, &head, sock, address, size);
	event->values[4] = decision;
	event->key = key;
	if (head.family == AF_UNIX) {
		key_of_peer(actor_of(watch, call->task), event, at);
		if (decision == LET && is_known(&event->key))
			return;
		if (sock && call->result >= 0)
			at = append_listener(event, at, sock);
	}
	finish(event, at);
}

static __always_inline void on_message(struct watch *watch, const struct call *call, __u64 message)
{
	struct {
		__u64 address;
		__u32 size;
	} head = {};
	if (bpf_probe_read_user(&head, sizeof(head), (void *)message))
		return;
	/* Both in the first eight bytes. */
	if (is_foreign_call(call->task)) {
		head.size = head.address >> 32;
		head.address = (__u32)head.address;
	}
	on_address(watch, call, head.address, head.size);
}

struct messages {
	struct watch *watch;
	const struct call *call;
};

static long next_message(__u32 turn, struct messages *messages)
{
	const struct call *call = messages->call;
	if (turn >= call->result)
		return 1;
	__u32 size = is_foreign_call(call->task) ? FOREIGN_MESSAGE_SIZE : MESSAGE_SIZE;
	on_message(messages->watch, call, call->arguments[1] + turn * size);
	return 0;
}

/* As many as were sent, each to whom it names. */
static __always_inline void on_messages(struct watch *watch, const struct call *call)
{
	struct messages messages = { .watch = watch, .call = call };
	bpf_loop(MOST_MESSAGES, next_message, &messages, 0);
}

/* Callers from nearby are told one by one; those of the Internet once for all. */
static __always_inline int is_nearby(const __u8 *address, __u64 family)
{
	if (family == AF_INET6)
		return (address[0] & 0xfe) == 0xfc || address[0] == 0xfe || address[0] == 0;
	return address[0] == 10 || address[0] == 127 || (address[0] == 172 && (address[1] & 0xf0) == 16) ||
	       (address[0] == 192 && address[1] == 168) || (address[0] == 100 && (address[1] & 0xc0) == 64);
}

static __noinline void on_socket(struct watch *watch, enum kind kind, const struct call *call, __u32 descriptor)
{
	struct file *file = call->result >= 0 ? file_of(call->task, descriptor) : 0;
	if (!file || !is_socket(file))
		return;
	struct event *event = begin_call(kind, call);
	if (!event)
		return;
	__u32 at = append_socket(event, file);
	if (kind == KIND_ACCEPT) {
		__u64 port = event->values[2];
		event->values[2] = 0;
		event->result = 0;
		key_of_peer(actor_of(watch, call->task), event, is_nearby((__u8 *)event->texts, event->values[0]) ? event->lengths[0] : 0);
		event->values[2] = port;
		if (is_known(&event->key))
			return;
	}
	finish(event, at);
}

/* Datagrams are taken at a port that was asked for; one that was given by chance is a client's. */
static __always_inline void on_bind(struct watch *watch, const struct call *call)
{
	struct peer_head head = {};
	struct sock *sock = call->result >= 0 ? socket_of(call->task, call->arguments[0]) : 0;
	if (!sock || BPF_CORE_READ(sock, sk_protocol) != UDP || bpf_probe_read_user(&head, 4, (void *)call->arguments[1]))
		return;
	if (head.port)
		on_socket(watch, KIND_LISTEN, call, call->arguments[0]);
}

/* A connection as standard input or output of a program: what reverse shells are made of. */
static __always_inline void on_duplicate(const struct call *call)
{
	struct file *file = call->result >= 0 && call->result <= 2 ? file_of(call->task, call->result) : 0;
	if (!file || !is_socket(file))
		return;
	struct event *event = begin_call(KIND_CALL, call);
	if (event)
		finish(event, append_socket(event, file));
}

static __always_inline void on_clone(const struct call *call)
{
	__u64 flags = call->arguments[0];
	__u64 task = bpf_get_current_pid_tgid();
	/* Where a new thread returns, what its flags were written to may hold something else: who made it tells of it. */
	if (call->result == 0 && (__u32)task != task >> 32)
		return;
	if (call->number == 435 && bpf_probe_read_user(&flags, sizeof(flags), (void *)call->arguments[0]))
		return;
	if (!(flags & NEW_NAMESPACES))
		return;
	struct event *event = begin_call(KIND_CALL, call);
	if (!event)
		return;
	event->values[0] = flags;
	event->values[5] = guard_call(call->number, call->result);
	finish(event, 0);
}

static __noinline void on_call(const struct call *call, __u64 first, __u64 second, __u64 third)
{
	struct event *event = begin_call(KIND_CALL, call);
	if (!event)
		return;
	event->values[5] = guard_call(call->number, call->result);
	__u32 at = 0;
	if (first)
		at = append_user_text(event, 0, at, first);
	if (second)
		at = append_user_text(event, 1, at, second);
	if (third)
		at = append_user_text(event, 2, at, third);
	finish(event, at);
}

static __always_inline void on_operation(struct watch *watch, enum operation operation, const struct call *call)
{
	const __u64 *a = call->arguments;
	switch (operation) {
	case OPEN:
		return on_open(watch, call);
	case PATHS_OLD:
		return on_paths(call, AT_FDCWD, a[0], a[1]);
	case PATHS_AT:
		return on_paths(call, a[0], a[1], a[3]);
	case PATH_OLD:
		return on_paths(call, AT_FDCWD, a[0], 0);
	case PATH_AT:
		return on_paths(call, a[0], a[1], 0);
	case LINK_AT:
		return on_paths(call, a[1], a[0], a[2]);
	case CONNECT:
		return on_address(watch, call, a[1], a[2]);
	case SEND_TO:
		return on_address(watch, call, a[4], a[5]);
	case SEND_MESSAGE:
		return on_message(watch, call, a[1]);
	case SEND_MESSAGES:
		return on_messages(watch, call);
	case ACCEPT:
		return on_socket(watch, KIND_ACCEPT, call, call->result);
	case LISTEN:
		return on_socket(watch, KIND_LISTEN, call, a[0]);
	case BIND:
		return on_bind(watch, call);
	case DUPLICATE:
		return on_duplicate(call);
	case CLONE:
		return on_clone(call);
	case TEXT_CALL:
		return on_call(call, a[0], 0, 0);
	case TEXTS_CALL:
		return on_call(call, a[0], a[1], call->number == 165 ? a[2] : 0);
	case AT_CALL:
		return on_call(call, a[1], 0, 0);
	case CALL:
		return on_call(call, 0, 0, 0);
	default:
		return;
	}
}

/* Makes of `socketcall` the call that it is. */
static __noinline int unfold_sockets(struct call *call)
{
	__u32 which = call->arguments[0] & 31, words[8] = {};
	if (call->arguments[0] > 31 || !socket_calls[which].number)
		return 0;
	__u32 size = socket_calls[which].arguments * sizeof(words[0]);
	if (bpf_probe_read_user(words, size & (sizeof(words) - 1), (void *)call->arguments[1]))
		return 0;
	call->number = socket_calls[which].number;
	for (int i = 0; i < 6; i++)
		call->arguments[i] = words[i];
	return 1;
}

static __always_inline int look_at_call(struct task_struct *task, struct pt_regs *registers, long result)
{
	__u32 number = call_number(task, registers);
	enum operation operation = operations[number & (CALLS - 1)];
	if (operation == NOT_SEEN && result != -EPERM)
		return 0;
	struct watch *watch = watch_of(cgroup_of(task));
	if (!watch)
		return 0;
	struct call call = { .task = task, .result = result, .number = number };
	read_arguments(call.arguments, task, registers);
	if (operation == SOCKETS && unfold_sockets(&call))
		operation = operations[call.number & (CALLS - 1)];
	if (result == -EPERM && tell_refusal(call.number, call.arguments))
		return 0;
	on_operation(watch, operation, &call);
	return 0;
}

/* Before anything is asked of a map: most calls of the host, watched or not, are none that is looked at. */
SEC("tp_btf/sys_exit")
int BPF_PROG(on_sys_exit, struct pt_regs *registers, long result)
{
	if (!may_matter(registers) && result != -EPERM)
		return 0;
	return look_at_call(bpf_get_current_task_btf(), registers, result);
}

/* Instead, where it is told which calls containers make: each asks for a bit of its cgroup's mark. */
SEC("?tp_btf/sys_exit")
int BPF_PROG(on_every_call, struct pt_regs *registers, long result)
{
	struct task_struct *task = bpf_get_current_task_btf();
	__u64 id = cgroup_of(task), number = own_number(registers);
	struct mark *mark = mark_of(id);
	if (!mark)
		return 0;
	if (mark->cgroup != id)
		note_use_unmarked(id, number, result);
	else if (number < CALLS && !is_noted(mark, number))
		note_use(mark, number, result, id);
	if (!may_matter(registers) && result != -EPERM)
		return 0;
	return look_at_call(task, registers, result);
}

#include "names.h"
#include "ring.h"
#include "sockets.h"
#include "lsm.h"

SEC("tp_btf/cgroup_mkdir")
int BPF_PROG(on_cgroup, struct cgroup *cgroup, const char *path)
{
	if (BPF_CORE_READ(cgroup, root, hierarchy_id) != 0)
		return 0;
	__u64 id = BPF_CORE_READ(cgroup, kn, id);
	struct watch *above = watch_above(cgroup);
	struct watch watch = { .container = id, .runtime = mount_namespace() };
	if (above) {
		watch = *above;
	} else {
		struct defaults *found = defaults();
		if (!found || !is_container(path))
			return 0;
		watch.blocks = found->blocks;
		watch.audits = found->audits;
	}
	watch_from_now(id, &watch);
	struct event *event = start_event(KIND_CGROUP, id);
	if (!event)
		return 0;
	event->values[0] = watch.container;
	event->values[1] = mount_namespace();
	finish(event, append_text(event, 0, 0, path));
	return 0;
}

SEC("tp_btf/cgroup_rmdir")
int BPF_PROG(on_cgroup_gone, struct cgroup *cgroup, const char *path)
{
	if (BPF_CORE_READ(cgroup, root, hierarchy_id) != 0)
		return 0;
	__u64 id = BPF_CORE_READ(cgroup, kn, id);
	if (!bpf_map_lookup_elem(&watched, &id))
		return 0;
	watch_no_more(id);
	bpf_map_delete_elem(&origins, &id);
	struct event *event = start_event(KIND_CGROUP_GONE, id);
	if (event)
		finish(event, append_text(event, 0, 0, path));
	return 0;
}

/* Connections and datagrams, before any packet: an address that is not allowed is refused with EPERM. */
SEC("cgroup/connect4")
int on_connect4(struct bpf_sock_addr *address)
{
	return guard_peer4(address);
}

SEC("cgroup/sendmsg4")
int on_send4(struct bpf_sock_addr *address)
{
	return guard_peer4(address);
}

SEC("cgroup/connect6")
int on_connect6(struct bpf_sock_addr *address)
{
	return guard_peer6(address);
}

SEC("cgroup/sendmsg6")
int on_send6(struct bpf_sock_addr *address)
{
	return guard_peer6(address);
}
