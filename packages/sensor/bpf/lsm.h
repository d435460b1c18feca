/* SPDX-License-Identifier: GPL-2.0-only OR MIT
 * Hooks of BPF-LSM, loaded where the kernel has them: what they refuse fails with EPERM and has no effect. A verifier of
 * 6.12 wants to see that what is returned is an error or nothing: hence the branches that a compiler may not fold.
 */
#pragma once

#define CAP_SYS_ADMIN 21
#define PTRACE_MODE_ATTACH 2
#define LOADS_MODULE 2
#define LOADS_KEXEC_INITRAMFS 4

#define AF_PACKET 17
#define AF_ALG 38
#define AF_VSOCK 40
#define AF_XDP 44

#define RETURN_EPERM                           \
	do {                                   \
		asm volatile("" ::: "memory"); \
		return -1;                     \
	} while (0)

struct cred___guards {
	kuid_t uid;
	kuid_t euid;
	kuid_t suid;
	kuid_t egid;
	struct kernel_cap_struct cap_permitted;
} RELOCATED;

struct linux_binprm___guards {
	struct cred___guards *cred;
} RELOCATED;

/* Whether these programs are asked at all: loading them is not enough, `lsm=` of the command line has to name `bpf`. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} lsm_asked SEC(".maps");

/* Notes what is decided; 1 where it is to be refused. */
static __always_inline int refuses(__u32 guard, __u64 object)
{
	__u32 decision = decide(guard, object);
	if (decision != LET)
		note_decision(decision);
	return (decision & 0xff) == STOPPED;
}

/* Number of the call that runs, on x86-64. */
static __noinline __u32 current_call(void)
{
	struct task_struct *task = bpf_get_current_task_btf();
	return call_number(task, (void *)bpf_task_pt_regs(task));
}

/* Each file on the way to a program: a script that is not in the image is refused as well as what would read it. */
SEC("?lsm/bprm_check_security")
int BPF_PROG(on_bprm_check, struct linux_binprm *binary)
{
	struct watch *watch = watch_of_current();
	if (!watch || is_outside())
		return 0;
	struct file *file = BPF_CORE_READ(binary, file);
	__u32 guards = watch->blocks | watch->audits;
	if (!(guards & FOREIGN_PROGRAMS) || !is_foreign(flags_of(file)))
		return 0;
	__u32 decision = watch->blocks & FOREIGN_PROGRAMS ? STOPPED : AUDITED;
	if (decision != STOPPED)
		return 0;
	note_decision(decision | FOREIGN_PROGRAMS << 8);
	RETURN_EPERM;
}

static __always_inline __u64 permitted_of(const struct cred___guards *cred)
{
	__u64 bits = 0;
	bpf_probe_read_kernel(&bits, sizeof(bits), __builtin_preserve_access_index(&cred->cap_permitted));
	return bits;
}

/* The program that will run, with the rights that it will have. */
SEC("?lsm/bprm_creds_from_file")
int BPF_PROG(on_bprm_creds, struct linux_binprm *binary, struct file *given)
{
	if (!watch_of_current() || is_outside())
		return 0;
	struct task_struct *task = (void *)bpf_get_current_task();
	const struct cred___guards *old = (void *)BPF_CORE_READ(task, cred);
	const struct cred___guards *new = BPF_CORE_READ((struct linux_binprm___guards *)binary, cred);
	int gains = BPF_CORE_READ(old, euid.val) != BPF_CORE_READ(new, euid.val) ||
		    BPF_CORE_READ(old, egid.val) != BPF_CORE_READ(new, egid.val) ||
		    (permitted_of(new) & ~permitted_of(old)) != 0;
	struct file *file = BPF_CORE_READ(binary, file);
	__u32 decision = decide_program(number_of(file), flags_of(file), gains);
	if ((decision & 0xff) != STOPPED)
		return 0;
	note_decision(decision);
	RETURN_EPERM;
}

/* Becoming root by a call, from nothing that was root. */
SEC("?lsm/task_fix_setuid")
int BPF_PROG(on_fix_setuid, struct cred *new_cred, const struct cred *old_cred, int flags)
{
	if (!watch_of_current())
		return 0;
	const struct cred___guards *old = (void *)old_cred, *new = (void *)new_cred;
	if (BPF_CORE_READ(new, euid.val) != 0 || BPF_CORE_READ(old, euid.val) == 0 || BPF_CORE_READ(old, uid.val) == 0 ||
	    BPF_CORE_READ(old, suid.val) == 0 || !refuses(GAINS, 0))
		return 0;
	RETURN_EPERM;
}

/* Namespaces, mounts and the kernel are asked for with a capability, inside of the call that is guarded. */
SEC("?lsm/capable")
int BPF_PROG(on_capable, const void *cred, void *namespace, int capability, unsigned int options)
{
	struct watch *watch = watch_of_current();
	struct known_key key = {};
	if (!watch)
		return 0;
	__u32 guard = guards_of_calls[current_call() & (CALLS - 1)];
	if (guard && guard != TRACING && refuses(guard, 0))
		RETURN_EPERM;
	if (!(options & CAP_OPT_NOAUDIT) && key_of_capability(watch, number_of(cred), capability, &key))
		tell_capability(&key, capability);
	return 0;
}

SEC("?lsm/userns_create")
int BPF_PROG(on_userns_create, const void *cred)
{
	if (!refuses(NAMESPACES, 0))
		return 0;
	RETURN_EPERM;
}

SEC("?lsm/ptrace_access_check")
int BPF_PROG(on_ptrace_access, void *child, unsigned int mode)
{
	if (!(mode & PTRACE_MODE_ATTACH) || !refuses(TRACING, 0))
		return 0;
	RETURN_EPERM;
}

SEC("?lsm/bpf")
int BPF_PROG(on_bpf, int command, void *attributes, unsigned int size)
{
	__u32 zero = 0;
	__u64 *asked = bpf_map_lookup_elem(&lsm_asked, &zero);
	if (asked)
		*asked = 1;
	if (!refuses(KERNEL, 0))
		return 0;
	RETURN_EPERM;
}

SEC("?lsm/kernel_read_file")
int BPF_PROG(on_kernel_read_file, struct file *file, int what, unsigned char contents)
{
	if (what < LOADS_MODULE || what > LOADS_KEXEC_INITRAMFS || !refuses(KERNEL, 0))
		return 0;
	RETURN_EPERM;
}

SEC("?lsm/kernel_load_data")
int BPF_PROG(on_kernel_load_data, int what, unsigned char contents)
{
	if (what < LOADS_MODULE || what > LOADS_KEXEC_INITRAMFS || !refuses(KERNEL, 0))
		return 0;
	RETURN_EPERM;
}

SEC("?lsm/kernel_module_request")
int BPF_PROG(on_module_request, char *name)
{
	if (!refuses(KERNEL, 0))
		return 0;
	RETURN_EPERM;
}

SEC("?lsm/file_open")
int BPF_PROG(on_file_open, struct file *file)
{
	struct watch *watch = watch_of_current();
	if (!watch || !(watch->blocks & CREDENTIALS) || !is_secret(number_of(file)) ||
	    !refuses(CREDENTIALS, address_of_path(file)))
		return 0;
	RETURN_EPERM;
}

/* A credential by another name would be none: it keeps the one that it has. */
static __always_inline int keeps_name(struct dentry *entry)
{
	struct watch *watch = watch_of_current();
	if (!watch || !((watch->blocks | watch->audits) & CREDENTIALS) || !has_secret_name(number_of(entry)))
		return 0;
	return refuses(CREDENTIALS, 0);
}

SEC("?lsm/inode_rename")
int BPF_PROG(on_inode_rename, void *old_folder, struct dentry *old, void *new_folder, struct dentry *new)
{
	if (!keeps_name(old))
		return 0;
	RETURN_EPERM;
}

SEC("?lsm/inode_link")
int BPF_PROG(on_inode_link, struct dentry *old, void *folder, struct dentry *new)
{
	if (!keeps_name(old))
		return 0;
	RETURN_EPERM;
}

/* Sockets that reach others by no address that a guard of connections sees: packets, other machines, the kernel's ciphers. */
SEC("?lsm/socket_create")
int BPF_PROG(on_any_socket_create, int family, int type, int protocol, int is_kernel)
{
	if (is_kernel || (family != AF_PACKET && family != AF_ALG && family != AF_VSOCK && family != AF_XDP))
		return 0;
	if (!refuses(UNKNOWN_CONNECTIONS, 0))
		return 0;
	RETURN_EPERM;
}

/* The socket itself, whatever name led to it. One that has no file is of this network alone. */
SEC("?lsm/unix_stream_connect")
int BPF_PROG(on_unix_connect, struct sock *own, struct sock *other, struct sock *new)
{
	struct watch *watch = watch_of_current();
	if (!watch || !((watch->blocks | watch->audits) & SOCKET_FILES))
		return 0;
	struct path *path = __builtin_preserve_access_index(&((struct unix_sock *)other)->path);
	if (!BPF_CORE_READ(path, dentry) || is_permitted(watch->container, SOCKET_FILES, 0, number_of(path)) ||
	    !refuses(SOCKET_FILES, number_of(path)))
		return 0;
	RETURN_EPERM;
}
