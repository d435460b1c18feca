/* SPDX-License-Identifier: GPL-2.0-only OR MIT
 * How an event begins (who acts) and ends (into the ring buffer, or counted as lost).
 */
#pragma once

#define HEAD __builtin_offsetof(struct event, texts)
#define OVERLAYFS 0x794c7630
#define SHARED_MEMORY 0x01021994

#define EXT4 0xef53
#define XFS 0x58465342
#define BTRFS 0x9123683e

static __always_inline struct super_block *root_of_current(void)
{
	struct task_struct *task = bpf_get_current_task_btf();
	return task->fs->root.mnt->mnt_sb;
}

/* The container's own files: what its first program saw, or, where nobody saw that, what is seen now. */
static __always_inline struct super_block *root_of_container(void)
{
	struct watch *watch = watch_of_current();
	struct origin *origin = watch ? bpf_map_lookup_elem(&origins, &watch->container) : 0;
	return origin ? (void *)origin->root : root_of_current();
}

/* Of the program that is being started: the first of its container says what is the container's own. */
static __always_inline void note_origin(__u64 container)
{
	struct task_struct *task = bpf_get_current_task_btf();
	if (bpf_map_lookup_elem(&origins, &container))
		return;
	struct origin origin = { .root = number_of(root_of_current()), .users = number_of(task->cred->user_ns) };
	bpf_map_update_elem(&origins, &container, &origin, BPF_NOEXIST);
}

static __always_inline __u32 flags_of_overlay(struct inode *inode)
{
	/* `struct ovl_inode` holds the upper layer's entry right behind the inode; a module's types are not always there. */
	void *upper = 0;
	bpf_probe_read_kernel(&upper, sizeof(upper), (void *)inode + bpf_core_type_size(struct inode));
	return FILE_OVERLAY | FILE_LOCAL | (upper ? FILE_CHANGED : 0);
}

APART __u32 flags_of_file(__u64 address)
{
	struct file *file = (void *)address;
	struct inode *inode = BPF_CORE_READ(file, f_inode);
	struct super_block *system = BPF_CORE_READ(inode, i_sb), *root = root_of_container();
	unsigned long magic = BPF_CORE_READ(system, s_magic);
	__u32 flags = BPF_CORE_READ(inode, i_nlink) == 0 ? FILE_UNLINKED : 0;
	if (system == root)
		return flags | (magic == OVERLAYFS ? flags_of_overlay(inode) : FILE_UNLAYERED);
	if (magic == SHARED_MEMORY) {
		char name[6] = {};
		bpf_probe_read_kernel(name, sizeof(name), BPF_CORE_READ(file, f_path.dentry, d_name.name));
		if (name[0] == 'm' && name[1] == 'e' && name[2] == 'm' && name[3] == 'f' && name[4] == 'd' && name[5] == ':')
			flags |= FILE_MEMORY;
	}
	if (magic == SHARED_MEMORY || magic == EXT4 || magic == XFS || magic == BTRFS)
		flags |= FILE_LOCAL;
	return flags;
}

static __always_inline __u32 flags_of(struct file *file)
{
	return flags_of_file(number_of(file));
}

/* What a process of a container runs, from the start of a program to the end of all that are forked from it. */
struct program {
	__u64 id;	/* of the program with its arguments, as user space was told of it */
	__u64 is_told;	/* its start crossed: its end does too */
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 65536);
	__type(key, __u32);
	__type(value, struct program);
} programs SEC(".maps");

static __always_inline __u64 program_of(__u32 process)
{
	struct program *program = bpf_map_lookup_elem(&programs, &process);
	return program ? program->id : 0;
}

static __always_inline void start(struct event *event, __u32 kind, __u64 cgroup)
{
	__builtin_memset(event, 0, HEAD);
	event->time = bpf_ktime_get_boot_ns();
	event->cgroup = cgroup;
	event->kind = kind;
}

/* An event of nobody in particular. */
static __always_inline struct event *start_event(enum kind kind, __u64 cgroup)
{
	__u32 zero = 0;
	struct event *event = bpf_map_lookup_elem(&rooms, &zero);
	if (event)
		start(event, kind, cgroup);
	return event;
}

/* Says who acts: the running process. 0 where it is not of a watched container, or prepares it. */
APART int start_of_current(struct event *event, __u32 kind)
{
	struct watch *watch = watch_of_current();
	if (!event || !watch || (kind != KIND_EXEC && is_preparing()))
		return 0;
	start(event, kind, watch->container);
	struct task_struct *task = bpf_get_current_task_btf();
	struct task_struct *leader = task->group_leader;
	struct task_struct *parent = leader->real_parent->group_leader;
	const struct cred *cred = task->cred;
	struct file *executable = task->mm->exe_file;
	event->start = leader->start_boottime;
	event->parent_start = parent->start_boottime;
	event->pid = task->tgid;
	event->thread = task->pid;
	event->parent = parent->tgid;
	event->uid = cred->uid.val;
	event->gid = cred->gid.val;
	event->effective_uid = cred->euid.val;
	bpf_probe_read_kernel(&event->capabilities, sizeof(event->capabilities),
			      __builtin_preserve_access_index(&cred->cap_effective));
	event->program = program_of(event->pid);
	event->parent_program = program_of(event->parent);
	if (executable) {
		event->inode = executable->f_inode->i_ino;
		event->device = executable->f_inode->i_sb->s_dev;
		event->file_flags = flags_of(executable);
	}
	bpf_get_current_comm(event->comm, sizeof(event->comm));
	return 1;
}

/* An event of the running process; nothing where there is none to tell. */
static __always_inline struct event *begin(enum kind kind)
{
	__u32 zero = 0;
	struct event *event = bpf_map_lookup_elem(&rooms, &zero);
	return event && start_of_current(event, kind) ? event : 0;
}

static __always_inline void count_loss(__u64 container, __u64 kind)
{
	struct loss_key key = { .container = container, .kind = kind };
	__u64 one = 1, *count = bpf_map_lookup_elem(&losses, &key);
	if (!count && bpf_map_update_elem(&losses, &key, &one, BPF_NOEXIST) == 0)
		return;
	count = bpf_map_lookup_elem(&losses, &key);
	if (!count) {
		key.container = 0;
		bpf_map_update_elem(&losses, &key, &one, BPF_NOEXIST);
		count = bpf_map_lookup_elem(&losses, &key);
	}
	if (count)
		__sync_fetch_and_add(count, 1);
}

/* Whoever opens files in a flood finds no room before those do that start programs or gain power. */
static __always_inline int is_crowded(__u32 kind)
{
	if (kind != KIND_OPEN && kind != KIND_PATHS && kind != KIND_CONNECT && kind != KIND_ACCEPT)
		return 0;
	__u64 size = bpf_ringbuf_query(&events, BPF_RB_RING_SIZE);
	return bpf_ringbuf_query(&events, BPF_RB_AVAIL_DATA) > size - size / 8;
}

/* `at` is how many bytes of texts there are. The reader looks every few milliseconds: it is woken by nobody. */
APART int finish(struct event *event, __u32 at)
{
	if (!event)
		return 0;
	if (at > ROOM)
		at = ROOM;
	if (!is_crowded(event->kind) && bpf_ringbuf_output(&events, event, HEAD + at, BPF_RB_NO_WAKEUP) == 0)
		return 1;
	count_loss(event->cgroup, event->kind);
	return 0;
}
