/* SPDX-License-Identifier: GPL-2.0-only OR MIT
 * Which files are credentials, by names that user space gives: groups of (file, folder above it), a bit each. A file is one
 * where its own name and one of the three folders above it are of the same group.
 */
#pragma once

#define SECRET_NAME 32
#define FOLDERS 3

struct secret_name {
	char bytes[SECRET_NAME];
};

struct secret_groups {
	__u32 as_file;
	__u32 as_folder;
};

/* The empty name stands for any file: `as_file` of it are groups that only ask for the folder. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 256);
	__type(key, struct secret_name);
	__type(value, struct secret_groups);
} secret_names SEC(".maps");

static __always_inline struct secret_groups *groups_of(struct dentry *entry)
{
	struct secret_name name = {};
	if (entry) {
		__u32 length = BPF_CORE_READ(entry, d_name.len);
		if (length == 0 || length >= SECRET_NAME)
			return 0;
		bpf_probe_read_kernel(name.bytes, length & (SECRET_NAME - 1), BPF_CORE_READ(entry, d_name.name));
	}
	return bpf_map_lookup_elem(&secret_names, &name);
}

struct place {
	struct dentry *entry;
	struct vfsmount *mount;
};

/* The top of a mount is called as what it is mounted on. */
static __always_inline void leave_mount(struct place *place)
{
	struct vfsmount *mount = place->mount;
	if (place->entry != BPF_CORE_READ(mount, mnt_root))
		return;
	struct mount *mounted = (void *)mount - bpf_core_field_offset(struct mount, mnt);
	struct mount *above = BPF_CORE_READ(mounted, mnt_parent);
	if (above == mounted)
		return;
	place->entry = BPF_CORE_READ(mounted, mnt_mountpoint);
	place->mount = __builtin_preserve_access_index(&above->mnt);
}

/* By names alone, of an entry that is about to be called otherwise: a credential, or a folder by which files are credentials. */
APART int has_secret_name(__u64 address)
{
	struct dentry *entry = (void *)address;
	struct secret_groups *any = groups_of(0), *own = groups_of(entry);
	__u32 files = (any ? any->as_file : 0) | (own ? own->as_file : 0), folders = 0;
	if ((BPF_CORE_READ(entry, d_inode, i_mode) & 0170000) == 0040000)
		return own && own->as_folder;
	for (int i = 0; files && i < FOLDERS; i++) {
		entry = BPF_CORE_READ(entry, d_parent);
		struct secret_groups *groups = groups_of(entry);
		folders |= groups ? groups->as_folder : 0;
	}
	return (files & folders) != 0;
}

APART int is_secret(__u64 address)
{
	struct file *file = (void *)address;
	if ((BPF_CORE_READ(file, f_inode, i_mode) & 0170000) != 0100000)
		return 0;
	struct place place = {
		.entry = BPF_CORE_READ(file, f_path.dentry),
		.mount = BPF_CORE_READ(file, f_path.mnt),
	};
	leave_mount(&place);
	struct secret_groups *any = groups_of(0), *own = groups_of(place.entry);
	__u32 files = (any ? any->as_file : 0) | (own ? own->as_file : 0), folders = 0;
	for (int i = 0; files && i < FOLDERS; i++) {
		struct dentry *entry = place.entry;
		place.entry = BPF_CORE_READ(entry, d_parent);
		leave_mount(&place);
		struct secret_groups *groups = groups_of(place.entry);
		folders |= groups ? groups->as_folder : 0;
	}
	return (files & folders) != 0;
}
