/* SPDX-License-Identifier: GPL-2.0-only OR MIT
 * How an event begins (who acts) and ends (into the ring buffer, or counted as lost).
 */
#pragma once

#define HEAD __builtin_offsetof(struct event, texts)
#define OVERLAYFS 0x794c7630
#define SHARED_MEMORY 0x01021994

static __always_inline struct watch *watch_of_current(void)
{
	__u64 id = bpf_get_current_cgroup_id();
	return bpf_map_lookup_elem(&watched, &id);
}

static __always_inline __u32 mount_namespace(void)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	return BPF_CORE_READ(task, nsproxy, mnt_ns, ns.inum);
}

static __noinline __u32 flags_of(struct file *file)
{
	struct inode *inode = BPF_CORE_READ(file, f_inode);
	unsigned long magic = BPF_CORE_READ(inode, i_sb, s_magic);
	__u32 flags = BPF_CORE_READ(inode, i_nlink) == 0 ? FILE_UNLINKED : 0;
	if (magic == OVERLAYFS) {
		/* `struct ovl_inode` holds the upper layer's entry right behind the inode; a module's types are not always there. */
		void *upper = 0;
		bpf_probe_read_kernel(&upper, sizeof(upper), (void *)inode + bpf_core_type_size(struct inode));
		return flags | FILE_OVERLAY | (upper ? FILE_CHANGED : 0);
	}
	if (magic == SHARED_MEMORY) {
		char name[6] = {};
		bpf_probe_read_kernel(name, sizeof(name), BPF_CORE_READ(file, f_path.dentry, d_name.name));
		if (name[0] == 'm' && name[1] == 'e' && name[2] == 'm' && name[3] == 'f' && name[4] == 'd' && name[5] == ':')
			flags |= FILE_MEMORY;
	}
	return flags;
}

/* An event of nobody in particular. */
static __noinline struct event *start_event(enum kind kind, __u64 cgroup)
{
	__u32 zero = 0;
	struct event *event = bpf_map_lookup_elem(&rooms, &zero);
	if (!event)
		return 0;
	__builtin_memset(event, 0, HEAD);
	event->time = bpf_ktime_get_boot_ns();
	event->cgroup = cgroup;
	event->kind = kind;
	return event;
}

/* An event of the running process; nothing where it is not of a watched container. */
static __noinline struct event *begin(enum kind kind)
{
	struct watch *watch = watch_of_current();
	struct event *event = watch ? start_event(kind, watch->container) : 0;
	if (!event)
		return 0;
	struct task_struct *task = (void *)bpf_get_current_task();
	struct task_struct *leader = BPF_CORE_READ(task, group_leader);
	struct task_struct *parent = BPF_CORE_READ(leader, real_parent, group_leader);
	const struct cred *cred = BPF_CORE_READ(task, cred);
	struct file *executable = BPF_CORE_READ(task, mm, exe_file);
	event->start = BPF_CORE_READ(leader, start_boottime);
	event->parent_start = BPF_CORE_READ(parent, start_boottime);
	event->pid = BPF_CORE_READ(task, tgid);
	event->thread = BPF_CORE_READ(task, pid);
	event->parent = BPF_CORE_READ(parent, tgid);
	event->uid = BPF_CORE_READ(cred, uid.val);
	event->gid = BPF_CORE_READ(cred, gid.val);
	event->effective_uid = BPF_CORE_READ(cred, euid.val);
	bpf_probe_read_kernel(&event->capabilities, sizeof(event->capabilities),
			      __builtin_preserve_access_index(&cred->cap_effective));
	if (executable) {
		struct inode *inode = BPF_CORE_READ(executable, f_inode);
		event->inode = BPF_CORE_READ(inode, i_ino);
		event->device = BPF_CORE_READ(inode, i_sb, s_dev);
		event->file_flags = flags_of(executable);
	}
	bpf_get_current_comm(event->comm, sizeof(event->comm));
	return event;
}

/* `at` is how many bytes of texts there are. The reader looks every few milliseconds: it is woken by nobody. */
static __noinline void finish(struct event *event, __u32 at)
{
	if (at > ROOM)
		at = ROOM;
	if (bpf_ringbuf_output(&events, event, HEAD + at, BPF_RB_NO_WAKEUP) == 0)
		return;
	__u32 kind = event->kind;
	__u64 *count = bpf_map_lookup_elem(&lost, &kind);
	if (count)
		__sync_fetch_and_add(count, 1);
}

#define MIX 0x9e3779b97f4a7c15ull

static __always_inline __u64 mix(__u64 hash, __u64 value)
{
	hash = (hash ^ value) * MIX;
	return hash ^ hash >> 32;
}

static __always_inline struct known_key key_of_file(struct file *file, __u64 mode)
{
	struct known_key key = {};
	struct watch *watch = watch_of_current();
	struct task_struct *task = (void *)bpf_get_current_task();
	struct inode *executable = BPF_CORE_READ(task, mm, exe_file, f_inode);
	struct inode *inode = BPF_CORE_READ(file, f_inode);
	key.actor = mix(watch ? watch->container : 0, BPF_CORE_READ(executable, i_ino));
	key.actor = mix(key.actor, BPF_CORE_READ(executable, i_sb, s_dev));
	key.object = mix(mode, BPF_CORE_READ(inode, i_ino));
	key.object = mix(key.object, BPF_CORE_READ(inode, i_sb, s_dev) | (__u64)BPF_CORE_READ(inode, i_generation) << 32);
	return key;
}

static __always_inline int is_known(const struct known_key *key)
{
	__u64 *count = bpf_map_lookup_elem(&known, key);
	if (!count)
		return 0;
	__sync_fetch_and_add(count, 1);
	return 1;
}
