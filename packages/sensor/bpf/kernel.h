/* SPDX-License-Identifier: GPL-2.0-only OR MIT
 * The parts of the kernel's structures that are read. Each field is found by BTF at load (CO-RE), so this is a list of
 * names, not a layout; one object serves all kernels.
 */
#pragma once

#define TCP 6
#define UDP 17

#define RELOCATED __attribute__((preserve_access_index))

/* Functions that the verifier looks at once, by themselves, whoever calls them: they take numbers, and memory of ours. */
#define APART __attribute__((noinline))

/* A pointer as a number: verifiers let none pass for one. */
static __always_inline __u64 number_of(const void *pointer)
{
	__u64 number = 0;
	bpf_probe_read_kernel(&number, sizeof(number), &pointer);
	return number;
}

/*
 * A field of what lies at an address, or of what is behind it. Linux 6.2 and later let an address be read as what we say that
 * it is, which costs a load; before, each field costs a call. For what is asked of calls that happen often.
 */
#define FIELD(address, ...) (HAS_CASTS ? ___arrow(CAST(address), __VA_ARGS__) : BPF_CORE_READ(address, __VA_ARGS__))
#define CAST(address) ((typeof(address))bpf_rdonly_cast(address, bpf_core_type_id_kernel(typeof(*(address)))))
#define HAS_CASTS bpf_core_enum_value_exists(enum bpf_func_id___casts, BPF_FUNC_cgrp_storage_get___casts)

extern void *bpf_rdonly_cast(const void *address, __u32 type) __ksym __weak;

/* What came with casts, and is seen in BTF: names alone count. */
enum bpf_func_id___casts {
	BPF_FUNC_cgrp_storage_get___casts = 1,
};

/* What lies at an address is a pointer, as the first that a list holds. */
struct list_head {
	struct list_head *next;
} RELOCATED;

struct qstr {
	__u32 len;
	const unsigned char *name;
} RELOCATED;

struct super_block {
	__u32 s_dev;
	unsigned long s_magic;
} RELOCATED;

struct timespec64 {
	__s64 tv_sec;
} RELOCATED;

struct inode {
	__u16 i_mode;
	unsigned long i_ino;
	unsigned int i_nlink;
	__u32 i_generation;
	struct super_block *i_sb;
} RELOCATED;

struct dentry {
	struct dentry *d_parent;
	struct qstr d_name;
	struct inode *d_inode;
} RELOCATED;

struct vfsmount {
	struct dentry *mnt_root;
	struct super_block *mnt_sb;
} RELOCATED;

struct mount {
	struct mount *mnt_parent;
	struct dentry *mnt_mountpoint;
	struct vfsmount mnt;
} RELOCATED;

struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
} RELOCATED;

struct file {
	struct path f_path;
	struct inode *f_inode;
	unsigned int f_flags;
	unsigned int f_mode;
	void *private_data;
} RELOCATED;

struct fdtable {
	unsigned int max_fds;
	struct file **fd;
} RELOCATED;

struct files_struct {
	struct fdtable *fdt;
} RELOCATED;

struct fs_struct {
	struct path root;
	struct path pwd;
} RELOCATED;

struct mm_struct {
	unsigned long arg_start;
	unsigned long arg_end;
	struct file *exe_file;
} RELOCATED;

typedef struct {
	__u32 val;
} kuid_t;

/* 64 bits of capabilities: two words before Linux 6.3, one after; the same bytes. */
struct kernel_cap_struct {
	__u64 val;
} RELOCATED;

struct user_namespace {
	int level;
} RELOCATED;

struct cred {
	kuid_t uid;
	kuid_t gid;
	kuid_t euid;
	struct kernel_cap_struct cap_effective;
	struct user_namespace *user_ns;
} RELOCATED;

#if defined(__TARGET_ARCH_arm64)
struct thread_info {
	unsigned long flags;
} RELOCATED;
#else
struct thread_info {
	__u32 status;
} RELOCATED;
#endif

struct ns_common {
	unsigned int inum;
} RELOCATED;

struct mnt_namespace {
	struct ns_common ns;
} RELOCATED;

struct nsproxy {
	struct mnt_namespace *mnt_ns;
} RELOCATED;

typedef struct {
	int counter;
} RELOCATED atomic_t;

struct signal_struct {
	atomic_t live;
} RELOCATED;

struct kernfs_node {
	__u64 id;
} RELOCATED;

struct cgroup_root {
	int hierarchy_id;
} RELOCATED;

struct cgroup_subsys_state {
	struct cgroup *cgroup;
	struct cgroup_subsys_state *parent;
} RELOCATED;

struct cgroup {
	struct cgroup_subsys_state self;
	struct kernfs_node *kn;
	struct cgroup_root *root;
} RELOCATED;

struct css_set {
	struct cgroup *dfl_cgrp;
} RELOCATED;

struct task_struct {
	struct thread_info thread_info;
	int pid;
	int tgid;
	int exit_code;
	char comm[16];
	unsigned int flags;
	__u64 start_boottime;
	struct task_struct *real_parent;
	struct task_struct *group_leader;
	const struct cred *cred;
	const struct cred *real_cred;
	struct mm_struct *mm;
	struct fs_struct *fs;
	struct files_struct *files;
	struct nsproxy *nsproxy;
	struct signal_struct *signal;
	struct css_set *cgroups;
} RELOCATED;

struct linux_binprm {
	struct file *file;
	const char *filename;
	const char *interp;
	unsigned int secureexec : 1;
} RELOCATED;

struct in6_addr {
	__u8 bytes[16];
};

struct sock_common {
	__u16 skc_family;
	__u16 skc_dport;
	__u16 skc_num;
	__u32 skc_daddr;
	__u32 skc_rcv_saddr;
	struct in6_addr skc_v6_daddr;
	struct in6_addr skc_v6_rcv_saddr;
} RELOCATED;

struct sock {
	struct sock_common __sk_common;
	__u16 sk_protocol;
} RELOCATED;

struct socket {
	struct sock *sk;
} RELOCATED;

struct unix_sock {
	struct path path;
	struct sock *peer;
} RELOCATED;

#if defined(__TARGET_ARCH_arm64)
struct pt_regs {
	__u64 regs[31];
	__u64 orig_x0; /* the first argument: its register holds the result by then */
	__s32 syscallno;
} RELOCATED;
#else
struct pt_regs {
	unsigned long bp, bx, r10, r9, r8, cx, dx, si, di, orig_ax;
} RELOCATED;
#endif
