/* SPDX-License-Identifier: GPL-2.0-only OR MIT
 * What is stopped where the kernel has no BPF-LSM: programs before their first instruction, connections before their first
 * packet. Other calls are over when their process is killed: that is told as `KILLED`, and is no prevention.
 */
#pragma once

#define SIGKILL 9
#define SOCK_RAW 3
/* Of x86-64, as calls.h has them. */
#define CALL_EXECVE 59
#define CALL_EXECVEAT 322
#define CALL_SOCKET 41

/* Which guard is for a call; `clone` only counts with new namespaces. */
static const __u16 guards_of_calls[CALLS] = {
	[272] = NAMESPACES, [308] = NAMESPACES, [56] = NAMESPACES, [435] = NAMESPACES,
	[165] = MOUNTS, [166] = MOUNTS, [155] = MOUNTS, [428] = MOUNTS, [429] = MOUNTS, [430] = MOUNTS, [431] = MOUNTS,
	[432] = MOUNTS, [433] = MOUNTS, [442] = MOUNTS,
	[101] = TRACING, [310] = TRACING, [311] = TRACING, [438] = TRACING,
	[175] = KERNEL, [176] = KERNEL, [313] = KERNEL, [246] = KERNEL, [320] = KERNEL, [321] = KERNEL, [298] = KERNEL,
	[172] = KERNEL, [173] = KERNEL, [323] = KERNEL,
};

static __always_inline struct file *current_program(void)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	return BPF_CORE_READ(task, mm, exe_file);
}

/* What a guard says of the running process, and nothing is done yet: the decision, and the guard above it. */
APART __u32 decide(__u32 guard, __u64 object)
{
	struct watch *watch = watch_of_current();
	if (!watch || !((watch->blocks | watch->audits) & guard) || is_preparing())
		return LET;
	if (is_permitted(watch->container, guard, address_of_path(current_program()), object))
		return LET;
	return (watch->blocks & guard ? STOPPED : AUDITED) | guard << 8;
}

/* For what is told when the call returns: a thread makes one at a time. */
static __always_inline void note_decision(__u32 decision)
{
	__u32 thread = (__u32)bpf_get_current_pid_tgid();
	bpf_map_update_elem(&decided, &thread, &decision, BPF_ANY);
}

static __always_inline __u32 decision_of_current(void)
{
	__u32 thread = (__u32)bpf_get_current_pid_tgid();
	__u32 *decision = bpf_map_lookup_elem(&decided, &thread);
	return decision ? *decision : LET;
}

/* What was decided about the call of this thread, once. */
static __always_inline __u32 take_decision(void)
{
	__u32 thread = (__u32)bpf_get_current_pid_tgid();
	__u32 found = decision_of_current();
	if (found != LET)
		bpf_map_delete_elem(&decided, &thread);
	return found;
}

static __always_inline int is_foreign(__u32 file_flags)
{
	return !(file_flags & (FILE_OVERLAY | FILE_UNLAYERED)) || (file_flags & (FILE_CHANGED | FILE_MEMORY));
}

/* A loader that is run by itself runs what it is given, and no other program is seen to start: `ld-linux...`, `ld-musl...`. */
static __always_inline int is_loader(struct file *file)
{
	char name[6] = {};
	bpf_probe_read_kernel(name, sizeof(name), BPF_CORE_READ(file, f_path.dentry, d_name.name));
	if (name[0] != 'l' || name[1] != 'd')
		return 0;
	return name[2] == '-' || (name[2] == '.' && name[3] == 's' && name[4] == 'o' && !name[5]);
}

/* Who starts a program: its parent, where that is of the container too; nobody for what the runtime starts. */
static __always_inline struct file *starter(void)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct task_struct *parent = BPF_CORE_READ(task, group_leader, real_parent);
	__u64 id = BPF_CORE_READ(parent, cgroups, dfl_cgrp, kn, id);
	__u32 process = BPF_CORE_READ(parent, tgid);
	if (!bpf_map_lookup_elem(&watched, &id) || bpf_map_lookup_elem(&preparing, &process))
		return 0;
	return BPF_CORE_READ(parent, mm, exe_file);
}

/* The first guard that does not let a program begin. Its runtime may become it, and gains nothing that it had not. */
APART __u32 decide_program(__u64 file, __u32 file_flags, int gains)
{
	__u64 path = address_of_path((void *)file);
	struct watch *watch = watch_of_current();
	__u32 guards = watch ? watch->blocks | watch->audits : 0, failed = 0;
	if (!guards)
		return LET;
	if ((guards & FOREIGN_PROGRAMS) && (is_foreign(file_flags) || is_loader((void *)file)))
		failed |= FOREIGN_PROGRAMS;
	if ((guards & GAINS) && gains && !is_preparing())
		failed |= GAINS;
	/* What may start does not depend on who gains by it, and the other way round. */
	if ((failed & GAINS) && is_permitted(watch->container, GAINS, 0, path))
		failed &= ~GAINS;
	if ((guards & UNKNOWN_PROGRAMS) &&
	    !is_permitted(watch->container, UNKNOWN_PROGRAMS, address_of_path(starter()), path))
		failed |= UNKNOWN_PROGRAMS;
	if (!failed)
		return LET;
	__u32 stopped = failed & watch->blocks;
	failed = stopped ? stopped : failed;
	return (stopped ? STOPPED : AUDITED) | failed << 8;
}

/* Still in the host's own folders: a runtime that has not entered the container. */
static __always_inline int is_outside(void)
{
	struct watch *watch = watch_of_current();
	return is_preparing() && watch && mount_namespace() == watch->runtime;
}

/* At `sched_process_exec`: who is killed here has run nothing. */
static __always_inline __u32 guard_program(struct file *file, __u32 file_flags, int gains)
{
	if (is_outside())
		return LET;
	__u32 decision = decide_program(number_of(file), file_flags, gains);
	end_preparing();
	if ((decision & 0xff) == STOPPED)
		bpf_send_signal(SIGKILL);
	return decision;
}

/* At the return of a call: it has happened. What is decided is told with it. */
static __always_inline __u32 guard_return(__u32 guard, __s64 result, __u64 object)
{
	__u32 decision = result >= 0 && guard ? decide(guard, object) : LET;
	if ((decision & 0xff) != STOPPED)
		return decision;
	bpf_send_signal(SIGKILL);
	return KILLED | guard << 8;
}

static __always_inline __u32 guard_call(__u32 number, __s64 result)
{
	return guard_return(guards_of_calls[number & (CALLS - 1)], result, 0);
}

/* A credential that was opened: whoever opened it dies before it can read, unless another of its threads is quicker. */
static __always_inline __u32 guard_open(struct file *file)
{
	struct watch *watch = watch_of_current();
	if (!watch || !((watch->blocks | watch->audits) & CREDENTIALS) || !is_secret(number_of(file)))
		return LET;
	return guard_return(CREDENTIALS, 0, address_of_path(file));
}

/* Calls that a hook has refused, where their failure tells nothing else: programs, files and sockets. */
static __noinline int tell_refusal(__u32 number, const __u64 *arguments)
{
	__u32 decision = decision_of_current();
	if ((decision & 0xff) != STOPPED || (decision >> 8 & (UNKNOWN_CONNECTIONS | SOCKET_FILES) && number != CALL_SOCKET))
		return 0;
	struct event *event = begin(KIND_REFUSAL);
	if (!event)
		return 0;
	take_decision();
	event->call = number;
	event->result = -1;
	event->values[0] = decision;
	event->values[1] = arguments[0];
	event->values[2] = arguments[1];
	__u32 at = 0, guards = decision >> 8;
	if (guards & (FOREIGN_PROGRAMS | UNKNOWN_PROGRAMS | GAINS | CREDENTIALS)) {
		/* (path), or (folder, path). */
		int is_relative = number == CALL_EXECVEAT || number == 257 || number == 437;
		at = append_path(event, 0, at, working_directory());
		if (number == CALL_EXECVE || number == 2 || number == 85 || is_relative)
			at = append_user_text(event, 1, at, is_relative ? arguments[1] : arguments[0]);
	}
	finish(event, at);
	return 1;
}

static __always_inline int is_allowed(struct peer_key *key, __u16 port)
{
	key->port = port;
	if (bpf_map_lookup_elem(&peers, key))
		return 1;
	key->port = 0;
	return bpf_map_lookup_elem(&peers, key) != 0;
}

/* Who is kept from connecting to where nothing allows it; nobody for most. */
static __always_inline struct watch *guarded_watch(void)
{
	struct watch *watch = watch_of_current();
	return watch && guards(watch) & UNKNOWN_CONNECTIONS ? watch : 0;
}

/* Gives what a cgroup hook must: 1 lets the call go on. */
static __noinline int decide_peer(struct watch *watch, struct peer_key *key, __u16 port)
{
	key->prefix = (sizeof(*key) - sizeof(key->prefix)) * 8;
	key->container = watch->container;
	if (is_preparing() || is_allowed(key, port))
		return 1;
	__u32 decision = watch->blocks & UNKNOWN_CONNECTIONS ? STOPPED : AUDITED;
	note_decision(decision | UNKNOWN_CONNECTIONS << 8);
	return decision != STOPPED;
}

static __always_inline int guard_peer4(struct bpf_sock_addr *address)
{
	struct watch *watch = guarded_watch();
	if (!watch)
		return 1;
	struct peer_key key = {};
	__u32 ip = address->user_ip4;
	key.address[10] = 0xff;
	key.address[11] = 0xff;
	__builtin_memcpy(key.address + 12, &ip, 4);
	return decide_peer(watch, &key, __builtin_bswap16(address->user_port));
}

static __always_inline int guard_peer6(struct bpf_sock_addr *address)
{
	struct watch *watch = guarded_watch();
	if (!watch)
		return 1;
	struct peer_key key = {};
	__u32 words[4] = { address->user_ip6[0], address->user_ip6[1], address->user_ip6[2], address->user_ip6[3] };
	__builtin_memcpy(key.address, words, 16);
	return decide_peer(watch, &key, __builtin_bswap16(address->user_port));
}
