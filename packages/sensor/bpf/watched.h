/* SPDX-License-Identifier: GPL-2.0-only OR MIT
 * Whether a cgroup is watched: the first question of each program, and for most of the host its last.
 */
#pragma once

static __always_inline struct mark *mark_of(__u64 id)
{
	__u32 slot = id & (MARKS - 1);
	struct mark *mark = bpf_map_lookup_elem(&marks, &slot);
	return mark && mark->count ? mark : 0;
}

static __always_inline struct watch *watch_of(__u64 id)
{
	struct mark *mark = mark_of(id);
	if (!mark)
		return 0;
	return mark->cgroup == id && mark->watch.container ? &mark->watch : bpf_map_lookup_elem(&watched, &id);
}

/* Of a task that the kernel gives as one: read, and not asked of it, which costs a call. */
static __always_inline __u64 cgroup_of(struct task_struct *task)
{
	return task->cgroups->dfl_cgrp->kn->id;
}

static __always_inline struct watch *watch_of_current(void)
{
	return watch_of(bpf_get_current_cgroup_id());
}

/* A mark is nobody's, or of who is watched no more: whoever comes takes it, unless somebody else is quicker. */
static __always_inline void take_mark(struct mark *mark, __u64 id)
{
	__u64 before = mark->cgroup;
	if (before && bpf_map_lookup_elem(&watched, &before))
		return;
	mark->cgroup = 0;
	mark->watch.container = 0;
	__builtin_memset(mark->calls, 0, sizeof(mark->calls));
	__sync_val_compare_and_swap(&mark->cgroup, 0, id);
}

static __always_inline void watch_from_now(__u64 id, const struct watch *watch)
{
	__u32 slot = id & (MARKS - 1);
	struct mark *mark = bpf_map_lookup_elem(&marks, &slot);
	if (mark) {
		take_mark(mark, id);
		__sync_fetch_and_add(&mark->count, 1);
	}
	bpf_map_update_elem(&watched, &id, watch, BPF_ANY);
}

static __always_inline void watch_no_more(__u64 id)
{
	__u32 slot = id & (MARKS - 1);
	struct mark *mark = bpf_map_lookup_elem(&marks, &slot);
	bpf_map_delete_elem(&watched, &id);
	if (mark && mark->cgroup == id)
		mark->watch.container = 0;
}

static __always_inline __u32 mount_namespace(void)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	return BPF_CORE_READ(task, nsproxy, mnt_ns, ns.inum);
}

/* What is stopped or told of a container. */
static __always_inline __u32 guards(const struct watch *watch)
{
	return watch->blocks | watch->audits;
}
