/* SPDX-License-Identifier: GPL-2.0-only OR MIT
 * Who is a container's runtime, inside of its cgroup: it unshares, mounts and changes users to prepare the container, and
 * that is not the container's doing. Whoever was put into a watched cgroup from outside of all of them is the runtime
 * until it runs the container's first program, and so are its children. Nobody inside can become one: who is moved by a
 * process of a container, or forked by one that is not marked, is the container's.
 */
#pragma once

/*
 * Start of the process by its id; the oldest make room, as those whose containers are watched no more are never taken out.
 * Who is let go of is taken for the container's own: that fails closed.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 8192);
	__type(key, __u32);
	__type(value, __u64);
} preparing SEC(".maps");

static __always_inline __u64 start_of(struct task_struct *task)
{
	return BPF_CORE_READ(task, group_leader, start_boottime);
}

static __always_inline __u64 program_of(__u32 process);

/*
 * Who is moved into a cgroup is there a moment before we are told: whoever ran no program of the container, and still sees
 * the folders of its runtime, is the runtime too.
 */
static __always_inline int is_arriving(__u32 process)
{
	struct watch *watch = watch_of_current();
	return watch && mount_namespace() == watch->runtime && !program_of(process);
}

APART int is_preparing(void)
{
	__u32 process = bpf_get_current_pid_tgid() >> 32;
	__u64 *start = bpf_map_lookup_elem(&preparing, &process);
	return (start && *start == start_of((void *)bpf_get_current_task())) || is_arriving(process);
}

static __always_inline void mark_preparing(struct task_struct *task)
{
	__u32 process = BPF_CORE_READ(task, tgid);
	__u64 start = start_of(task);
	bpf_map_update_elem(&preparing, &process, &start, BPF_ANY);
}

/* The runtime has become the container's first program, or has ended. */
static __always_inline void end_preparing(void)
{
	__u32 process = bpf_get_current_pid_tgid() >> 32;
	bpf_map_delete_elem(&preparing, &process);
}

SEC("tp_btf/cgroup_attach_task")
int BPF_PROG(on_attach_task, struct cgroup *cgroup, const char *path, struct task_struct *task)
{
	if (BPF_CORE_READ(cgroup, root, hierarchy_id) != 0)
		return 0;
	__u64 id = BPF_CORE_READ(cgroup, kn, id);
	/* Who was seen to run a program of a container stays the container's, wherever it is moved. */
	if (bpf_map_lookup_elem(&watched, &id) && !watch_of_current() && !program_of(BPF_CORE_READ(task, tgid)))
		mark_preparing(task);
	return 0;
}

/* A runtime's child is the runtime; and some are made right inside of the container's cgroup (CLONE_INTO_CGROUP). */
SEC("tp_btf/sched_process_fork")
int BPF_PROG(on_prepared_fork, struct task_struct *parent, struct task_struct *child)
{
	if (BPF_CORE_READ(child, pid) != BPF_CORE_READ(child, tgid))
		return 0;
	if (watch_of_current()) {
		if (is_preparing())
			mark_preparing(child);
		return 0;
	}
	__u64 id = cgroup_of(child);
	if (bpf_map_lookup_elem(&watched, &id))
		mark_preparing(child);
	return 0;
}
