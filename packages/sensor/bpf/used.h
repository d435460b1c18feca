/* SPDX-License-Identifier: GPL-2.0-only OR MIT
 * Which system calls a container makes, each told once: a bit is asked of each call, and nothing more of those that were.
 */
#pragma once

#define ENOSYS 38
#define OF_CALL 0x10004

/* What the kernel has not, or refused, nobody needs; nor is it the container's what its runtime does. */
static __always_inline int is_use(struct task_struct *task, __s64 result)
{
	return result != -EPERM && result != -ENOSYS && !is_foreign_call(task) && !is_preparing();
}

static __always_inline int tell_use(struct watch *watch, __u64 number, __u64 is_counted)
{
	struct event *event = start_event(KIND_CALL_USED, watch->container);
	if (!event)
		return 0;
	event->call = number;
	event->values[0] = is_counted;
	event->key.actor = watch->container;
	event->key.object = mix(OF_CALL, number);
	return finish(event, 0);
}

static __noinline int note_use(struct mark *mark, __u64 number, __s64 result, __u64 id)
{
	struct watch *watch = bpf_map_lookup_elem(&watched, &id);
	__u64 bit = 1ull << (number & 63);
	if (!watch || !is_use(bpf_get_current_task_btf(), result) || !tell_use(watch, number, 0))
		return 0;
	__sync_fetch_and_or(&mark->calls[number / 64 & (CALLS / 64 - 1)], bit);
	return 0;
}

/* Of a cgroup whose mark is somebody else's: known as other things are. */
static __noinline int note_use_unmarked(__u64 id, __u64 number, __s64 result)
{
	struct watch *watch = number < CALLS ? bpf_map_lookup_elem(&watched, &id) : 0;
	if (!watch)
		return 0;
	struct known_key key = { .actor = watch->container, .object = mix(OF_CALL, number) };
	if (!is_known(&key) && is_use(bpf_get_current_task_btf(), result))
		tell_use(watch, number, 1);
	return 0;
}

static __always_inline int is_noted(struct mark *mark, __u64 number)
{
	return mark->calls[number / 64 & (CALLS / 64 - 1)] >> (number & 63) & 1;
}
