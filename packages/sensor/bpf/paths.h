/* SPDX-License-Identifier: GPL-2.0-only OR MIT
 * Texts of an event: paths from the kernel's own entries, and what programs passed.
 */
#pragma once

#define DEEPEST 64
#define NAME_SIZE 256

static __always_inline struct path *path_of(struct file *file)
{
	return __builtin_preserve_access_index(&file->f_path);
}

static __always_inline struct path *working_directory(void)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct fs_struct *fs = BPF_CORE_READ(task, fs);
	return __builtin_preserve_access_index(&fs->pwd);
}

/* Notes the length of a text that was written; gives where the next begins. */
static __always_inline __u32 wrote(struct event *event, int slot, __u32 at, __u32 length, __u32 wanted)
{
	event->lengths[slot] = length;
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

static __always_inline __u32 append_kernel(struct event *event, int slot, __u32 at, const void *source, __u32 size)
{
	__u32 length = bounded(size);
	if (at > ROOM || bpf_probe_read_kernel(event->texts + at, length, source))
		return at;
	return wrote(event, slot, at, length, size);
}

static __noinline __u32 append_user(struct event *event, int slot, __u32 at, const void *source, __u64 size)
{
	__u32 length = bounded(size);
	if (at > ROOM || bpf_probe_read_user(event->texts + at, length, source))
		return at;
	return wrote(event, slot, at, length, size >= TEXT_SIZE ? TEXT_SIZE : size);
}

static __always_inline __u32 append_text(struct event *event, int slot, __u32 at, const char *source)
{
	if (at > ROOM)
		return at;
	long length = bpf_probe_read_kernel_str(event->texts + at, TEXT_SIZE, source);
	if (length <= 0)
		return at;
	return wrote(event, slot, at, (length - 1) & (TEXT_SIZE - 1), length == TEXT_SIZE ? TEXT_SIZE : 0);
}

static __noinline __u32 append_user_text(struct event *event, int slot, __u32 at, const char *source)
{
	if (at > ROOM)
		return at;
	long length = bpf_probe_read_user_str(event->texts + at, TEXT_SIZE, source);
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
	__u32 at;
	__u32 is_clipped;
};

static long step_up(__u32 turn, struct walk *walk)
{
	struct dentry *entry = walk->entry;
	struct vfsmount *mount = walk->mount;
	if (entry == walk->root && mount == walk->root_mount)
		return 1;
	struct dentry *parent = BPF_CORE_READ(entry, d_parent);
	if (entry == BPF_CORE_READ(mount, mnt_root) || entry == parent) {
		struct mount *mounted = (void *)mount - bpf_core_field_offset(struct mount, mnt);
		struct mount *above = BPF_CORE_READ(mounted, mnt_parent);
		if (above == mounted)
			return 1;
		walk->entry = BPF_CORE_READ(mounted, mnt_mountpoint);
		walk->mount = __builtin_preserve_access_index(&above->mnt);
		return 0;
	}
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
	walk->entry = parent;
	return 0;
}

/* The path of a file as its process sees it, through mounts and up to its root. */
static __noinline __u32 append_path(struct event *event, int slot, __u32 at, struct path *path)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct walk walk = {
		.entry = BPF_CORE_READ(path, dentry),
		.mount = BPF_CORE_READ(path, mnt),
		.root = BPF_CORE_READ(task, fs, root.dentry),
		.root_mount = BPF_CORE_READ(task, fs, root.mnt),
		.at = TEXT_SIZE - 1,
	};
	__u32 zero = 0;
	struct path_room *room = bpf_map_lookup_elem(&path_rooms, &zero);
	if (!room)
		return at;
	bpf_loop(2 * DEEPEST, step_up, &walk, 0);
	__u32 start = walk.at & (TEXT_SIZE - 1);
	__u32 length = TEXT_SIZE - 1 - start;
	if (length == 0) {
		room->bytes[0] = '/';
		start = 0;
		length = 1;
	}
	return append_kernel(event, slot, at, &room->bytes[start], length + walk.is_clipped * TEXT_SIZE);
}
