/* SPDX-License-Identifier: GPL-2.0-only OR MIT
 * Which cgroups are those of containers.
 */
#pragma once

#define ID_SIZE 64

static __always_inline struct watch *watch_above(struct cgroup *cgroup)
{
	struct cgroup_subsys_state *above = BPF_CORE_READ(cgroup, self.parent);
	if (!above)
		return 0;
	__u64 id = BPF_CORE_READ(above, cgroup, kn, id);
	return bpf_map_lookup_elem(&watched, &id);
}

/* What holds of containers that nobody named; nothing where they are not watched. */
static __always_inline struct defaults *defaults(void)
{
	__u32 zero = 0;
	struct defaults *found = bpf_map_lookup_elem(&settings, &zero);
	return found && found->watches ? found : 0;
}

struct scan {
	__u32 digits;	/* in a row, up to here */
	__u32 is_named; /* 64 in a row were there */
};

static __always_inline char byte_at(struct path_room *room, __u32 at)
{
	asm volatile("" : "+r"(at));
	return room->bytes[at & (TEXT_SIZE - 1)];
}

static long look_at(__u32 at, struct scan *scan)
{
	__u32 zero = 0;
	struct path_room *room = bpf_map_lookup_elem(&path_rooms, &zero);
	if (!room || at >= TEXT_SIZE)
		return 1;
	char c = byte_at(room, at);
	if (!c)
		return 1;
	if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')) {
		if (++scan->digits == ID_SIZE)
			scan->is_named = 1;
		return 0;
	}
	scan->digits = 0;
	if (c == '/')
		scan->is_named = 0;
	/* conmon watches a container from outside, in a cgroup with the same id. */
	if (c == 'm' && at >= 3 && at < TEXT_SIZE - 3 && byte_at(room, at - 1) == 'n' && byte_at(room, at - 2) == 'o' &&
	    byte_at(room, at + 1) == 'o' && byte_at(room, at + 2) == 'n') {
		scan->is_named = 0;
		return 1;
	}
	return 0;
}

/* Whether the last part of a path holds an id of 64 hexadecimal digits, as all runtimes name their containers. */
static __always_inline int is_container(const char *path)
{
	__u32 zero = 0;
	struct path_room *room = bpf_map_lookup_elem(&path_rooms, &zero);
	struct scan scan = {};
	if (!room || bpf_probe_read_kernel_str(room->bytes, TEXT_SIZE, path) <= 0)
		return 0;
	bpf_loop(1024, look_at, &scan, 0);
	return scan.is_named;
}
