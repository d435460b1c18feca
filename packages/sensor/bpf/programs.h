/* SPDX-License-Identifier: GPL-2.0-only OR MIT
 * Starts and ends of programs. A start that is known is counted; what the process then runs is known by its id.
 */
#pragma once

static __always_inline void runs(__u32 process, __u64 id, __u64 is_told)
{
	struct program program = { .id = id, .is_told = is_told };
	bpf_map_update_elem(&programs, &process, &program, BPF_ANY);
}

static __always_inline __u32 append_arguments(struct event *event, int slot, __u32 at, struct task_struct *task)
{
	__u64 start = task->mm->arg_start;
	return append_user(event, slot, at, start, task->mm->arg_end - start);
}

/*
 * What a process ran is forgotten at its end, a moment before its children are another's: of who starts a program just then
 * it is known all the same, as a child is what its parent is until it runs something else. Nobody would look like the runtime.
 */
static __always_inline void keep_starter(struct event *event, struct task_struct *task)
{
	if (!event->parent_program && task->group_leader->real_parent->signal->live.counter == 0)
		event->parent_program = event->program;
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(on_exec, struct task_struct *task, int old_pid, struct linux_binprm *binary)
{
	struct watch *watch = watch_of_current();
	if (!watch || is_outside())
		return 0;
	note_origin(watch->container);
	struct event *event = begin(KIND_EXEC);
	if (!event)
		return 0;
	struct file *file = BPF_CORE_READ(binary, file);
	event->values[0] = BPF_CORE_READ_BITFIELD_PROBED(binary, secureexec);
	event->values[1] = old_pid;
	event->values[2] = mount_namespace();
	event->values[3] = guard_program(file, event->file_flags, event->values[0] != 0);
	keep_starter(event, task);
	key_of_program(event, BPF_CORE_READ(file, f_inode, i_generation), append_arguments(event, 2, 0, task));
	if (event->values[3] == LET && is_known(&event->key)) {
		runs(event->pid, event->key.object, 0);
		return 0;
	}
	__u32 at = append_path(event, 0, 0, path_of(file));
	at = append_text(event, 1, at, binary->filename);
	at = append_arguments(event, 2, at, task);
	runs(event->pid, event->key.object, 1);
	event->program = event->key.object;
	finish(event, at);
	return 0;
}

/* The last thread of a process is its end. */
SEC("tp_btf/sched_process_exit")
int BPF_PROG(on_exit, struct task_struct *task)
{
	if (task->signal->live.counter != 0)
		return 0;
	__u32 process = task->tgid;
	struct watch *watch = watch_of_current();
	struct program *program = watch ? bpf_map_lookup_elem(&programs, &process) : 0;
	struct event *event = program && program->is_told ? begin(KIND_EXIT) : 0;
	if (watch)
		end_preparing();
	/* Also of what is watched no more: the next that gets this number is somebody else. */
	bpf_map_delete_elem(&programs, &process);
	if (!event)
		return 0;
	event->result = task->group_leader->exit_code;
	finish(event, 0);
	return 0;
}

/* A child is what its parent is, until it runs something else. */
SEC("tp_btf/sched_process_fork")
int BPF_PROG(on_fork, struct task_struct *parent, struct task_struct *child)
{
	__u32 process = child->tgid;
	if (child->pid != process || !watch_of_current())
		return 0;
	__u64 id = program_of(parent->tgid);
	if (id)
		runs(process, id, 0);
	else
		bpf_map_delete_elem(&programs, &process);
	return 0;
}
