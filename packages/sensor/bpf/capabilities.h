/* SPDX-License-Identifier: GPL-2.0-only OR MIT
 * Which capabilities are needed: those that the kernel asked for and found. What only probes, to choose a way or a number
 * of pages, needs none: hooks of BPF-LSM say so; at the tracepoint, of Linux 6.14 and later, who asks says it.
 */
#pragma once

#define OF_CAPABILITY 0x10003
#define CAP_OPT_NOAUDIT 2
#define FRAMES 12
#define PROBES 8

/* Where the kernel's functions lie that probe: from, and up to. */
struct code {
	__u64 from;
	__u64 until;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, PROBES);
	__type(key, __u32);
	__type(value, struct code);
} probing_code SEC(".maps");

static __always_inline int is_probing_code(__u64 address)
{
	for (__u32 i = 0; i < PROBES; i++) {
		__u32 slot = i;
		struct code *code = bpf_map_lookup_elem(&probing_code, &slot);
		if (code && address > code->from && address <= code->until)
			return 1;
	}
	return 0;
}

static __always_inline int is_probed(void *context)
{
	__u64 frames[FRAMES] = {};
	if (bpf_get_stack(context, frames, sizeof(frames), 0) <= 0)
		return 0;
	for (int i = 0; i < FRAMES; i++)
		if (is_probing_code(frames[i]))
			return 1;
	return 0;
}

/* By its own rights, and not by those of whoever made a mount; in the container's users, and not in some that it made. */
static __always_inline int is_own(struct watch *watch, __u64 cred)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct origin *origin = bpf_map_lookup_elem(&origins, &watch->container);
	if ((__u64)BPF_CORE_READ(task, real_cred) != cred)
		return 0;
	return !origin || (__u64)BPF_CORE_READ((struct cred *)cred, user_ns) == origin->users;
}

static __always_inline int key_of_capability(struct watch *watch, __u64 cred, __u32 capability, struct known_key *key)
{
	if (!is_own(watch, cred))
		return 0;
	key->actor = actor_of(watch, bpf_get_current_task_btf());
	key->object = mix(OF_CAPABILITY, capability);
	return !is_known(key);
}

static __noinline int tell_capability(const struct known_key *key, __u32 capability)
{
	__u32 zero = 0;
	struct capability_room *room = bpf_map_lookup_elem(&capability_rooms, &zero);
	/* Whoever comes while it is taken is told the next time. */
	if (!room || __sync_lock_test_and_set(&room->is_taken, 1))
		return 0;
	struct event *event = &room->event;
	if (start_of_current(event, KIND_CAPABILITY)) {
		event->values[0] = capability;
		event->key = *key;
		finish(event, 0);
	}
	room->is_taken = 0;
	return 0;
}

SEC("?tp_btf/cap_capable")
int BPF_PROG(on_capability, const struct cred *cred, void *target, void *found, int capability, int result)
{
	struct watch *watch = result == 0 ? watch_of_current() : 0;
	struct known_key key = {};
	if (watch && key_of_capability(watch, number_of(cred), capability, &key) && !is_probed(ctx))
		tell_capability(&key, capability);
	return 0;
}
