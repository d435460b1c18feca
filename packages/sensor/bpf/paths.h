/* SPDX-License-Identifier: GPL-2.0-only OR MIT
 * Texts of an event: paths from the kernel's own entries, and what programs passed.
 */
#pragma once

#define DEEPEST 64
#define NAME_SIZE 256

/* Addresses of `struct path`, as numbers. */
static __always_inline __u64 path_of(struct file *file)
{
	return number_of(__builtin_preserve_access_index(&file->f_path));
}

static __always_inline __u64 working_directory(void)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct fs_struct *fs = BPF_CORE_READ(task, fs);
	return number_of(__builtin_preserve_access_index(&fs->pwd));
}

/* Notes the length of a text that was written; gives where the next begins. */
static __always_inline __u32 wrote(struct event *event, __u32 slot, __u32 at, __u32 length, __u32 wanted)
{
	__u64 index = slot;
	asm volatile("" : "+r"(index));
	if (index >= TEXTS)
		return at;
	event->lengths[index] = length;
	if (wanted > length)
		event->clipped |= 1 << slot;
	return at + length;
}

/* As much of a text as there is room for. Verifiers before 6.3 forget a comparison, and a compiler a mask that follows it. */
static __always_inline __u32 bounded(__u64 size)
{
	__u64 length = size >= TEXT_SIZE ? TEXT_SIZE - 1 : size;
	asm volatile("" : "+r"(length));
	return length & (TEXT_SIZE - 1);
}

static __always_inline __u32 append_kernel(struct event *event, __u32 slot, __u32 at, const void *source, __u32 size)
{
	__u32 length = bounded(size);
	__u64 place = at;
	asm volatile("" : "+r"(place));
	if (place > ROOM || bpf_probe_read_kernel(event->texts + place, length, source))
		return at;
	return wrote(event, slot, at, length, size);
}

APART __u32 append_user(struct event *event, __u32 slot, __u32 at, __u64 source, __u64 size)
{
	__u32 length = bounded(size);
	if (!event || at > ROOM || bpf_probe_read_user(event->texts + at, length, (void *)source))
		return at;
	return wrote(event, slot, at, length, size >= TEXT_SIZE ? TEXT_SIZE : size);
}

static __always_inline __u32 append_text(struct event *event, __u32 slot, __u32 at, const char *source)
{
	if (at > ROOM)
		return at;
	long length = bpf_probe_read_kernel_str(event->texts + at, TEXT_SIZE, source);
	if (length <= 0)
		return at;
	return wrote(event, slot, at, (length - 1) & (TEXT_SIZE - 1), length == TEXT_SIZE ? TEXT_SIZE : 0);
}

APART __u32 append_user_text(struct event *event, __u32 slot, __u32 at, __u64 source)
{
	if (!event || at > ROOM)
		return at;
	long length = bpf_probe_read_user_str(event->texts + at, TEXT_SIZE, (void *)source);
	if (length <= 0)
		return at;
	return wrote(event, slot, at, (length - 1) & (TEXT_SIZE - 1), length == TEXT_SIZE ? TEXT_SIZE : 0);
}

/* A walk from a file up to the root that its process sees. */
struct walk {
	struct dentry *entry;
	struct vfsmount *mount;
	struct dentry *root;
	struct vfsmount *root_mount;
};

enum step {
	ENDED,
	LEFT_MOUNT,
	NAMED, /* its name is one of the path */
};

static __always_inline void start_walk(struct walk *walk, __u64 address)
{
	struct path *path = (void *)address;
	struct task_struct *task = (void *)bpf_get_current_task();
	walk->entry = BPF_CORE_READ(path, dentry);
	walk->mount = BPF_CORE_READ(path, mnt);
	walk->root = BPF_CORE_READ(task, fs, root.dentry);
	walk->root_mount = BPF_CORE_READ(task, fs, root.mnt);
}

/* Goes from an entry, which it gives, to the one above. */
static __always_inline enum step step_up(struct walk *walk, struct dentry **left)
{
	struct dentry *entry = walk->entry;
	struct vfsmount *mount = walk->mount;
	*left = entry;
	if (entry == walk->root && mount == walk->root_mount)
		return ENDED;
	struct dentry *parent = BPF_CORE_READ(entry, d_parent);
	if (entry == BPF_CORE_READ(mount, mnt_root) || entry == parent) {
		struct mount *mounted = (void *)mount - bpf_core_field_offset(struct mount, mnt);
		struct mount *above = BPF_CORE_READ(mounted, mnt_parent);
		if (above == mounted)
			return ENDED;
		walk->entry = BPF_CORE_READ(mounted, mnt_mountpoint);
		walk->mount = __builtin_preserve_access_index(&above->mnt);
		return LEFT_MOUNT;
	}
	walk->entry = parent;
	return NAMED;
}

struct text_walk {
	struct walk walk;
	__u32 at;
	__u32 is_clipped;
};

static long text_step(__u32 turn, struct text_walk *walk)
{
	struct dentry *entry;
	enum step step = step_up(&walk->walk, &entry);
	if (step != NAMED)
		return step == ENDED;
	__u32 zero = 0;
	struct path_room *room = bpf_map_lookup_elem(&path_rooms, &zero);
	__u32 length = BPF_CORE_READ(entry, d_name.len) & (NAME_SIZE - 1);
	if (!room || walk->at < length + 1 || walk->at > TEXT_SIZE) {
		walk->is_clipped = 1;
		return 1;
	}
	walk->at -= length + 1;
	__u32 at = walk->at & (TEXT_SIZE - 1);
	room->bytes[at] = '/';
	bpf_probe_read_kernel(&room->bytes[at + 1], length & (NAME_SIZE - 1), BPF_CORE_READ(entry, d_name.name));
	return 0;
}

/* The path of a file as its process sees it, through mounts and up to its root. */
APART __u32 append_path(struct event *event, __u32 slot, __u32 at, __u64 path)
{
	struct text_walk walk = { .at = TEXT_SIZE - 1 };
	__u32 zero = 0;
	struct path_room *room = bpf_map_lookup_elem(&path_rooms, &zero);
	if (!event || !room)
		return at;
	start_walk(&walk.walk, path);
	bpf_loop(2 * DEEPEST, text_step, &walk, 0);
	__u32 start = walk.at & (TEXT_SIZE - 1);
	__u32 length = TEXT_SIZE - 1 - start;
	if (length == 0) {
		room->bytes[0] = '/';
		start = 0;
		length = 1;
	}
	return append_kernel(event, slot, at, &room->bytes[start], length + walk.is_clipped * TEXT_SIZE);
}
