// SPDX-License-Identifier: GPL-2.0
/*
 * Reports every message queue of every IPC namespace that a task of this PID
 * namespace lives in: a task iterator, so it runs when the daemon reads it and
 * at no other time.  It opens no queue and takes no lock.
 *
 * Nothing holds still while it looks.  What it follows may be freed and handed
 * out again under its eyes: every kernel pointer but the task's own is read by
 * a probe read, which cannot fault; a message is believed only when it points
 * back at where the walk came from, a directory entry only when it names the
 * root as its parent.  A walk that leaves the path ends and says so.  It may
 * leave the path without noticing, and go round in a list that it did not begin
 * in: the entry of a waiting task lies on its stack, and is in the list of
 * another queue a moment later.  So every list, queue and pass has a limit of
 * steps, and the pass also has a deadline.  What is
 * left to doubt is settled by the daemon (agreement.h): only a host snapshot that two
 * walks in a row agree on, and that adds up to what the queue itself says
 * before and after each, is shown.
 *
 * A callback runs inside an RCU read section, so it goes over no more than
 * MESSAGES_A_CALLBACK messages or QUEUES_A_CALLBACK queues.  It then leaves a
 * cursor, and the next callback for a task of the same namespace goes on.  One
 * namespace is worked on at a time; while its cursor is set it is alive
 * whenever it is touched, because the task at hand lives in it.
 */
#include <linux/bpf.h>
#include <stdbool.h>
#include <stddef.h>

#include "daemon/bpf/kernel_types.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "daemon/bpf/layout.h"

#define MESSAGES_A_CALLBACK 4096
#define QUEUES_A_CALLBACK 256
/* Every step is a queue, a message, a tree node, a slot or a waiter. */
#define STEPS_A_CALLBACK 16384
/*
 * A directory may have more entries than the namespace had queues when the walk
 * began: queues come, and some entries have no queue.
 */
#define ENTRIES_TO_SPARE 1024
/* Beyond the deepest xarray of 31-bit ids. */
#define XARRAY_DEPTH 6
#define XARRAY_SLOTS 64
/* PID namespaces nest no deeper than 32, and the daemon's is seldom below 8. */
#define PID_LEVELS 8
/* Slots of the table of namespaces that one can be in. */
#define BEGUN_SLOTS 16
/* Groups nest no deeper than a path of kBpfCgroupSize can show. */
#define CGROUP_DEPTH 64
/* More than any kernel has. */
#define CGROUP_CONTROLLERS 32
#define MSG_IDS 1
#define SEND 0
#define RECV 1
/* How much of a payload tells two messages apart; more would only cost. */
#define DIGEST_WORDS 8

/* BPF_CORE_READ() would look for a struct cursor in the kernel, were it to see one. */
#define READ(source, ...)					\
({								\
	typeof(source) source_ = (source);			\
								\
	BPF_CORE_READ(source_, __VA_ARGS__);			\
})

enum step {
	STEP_ENTRY,		/* the next entry of the mqueue file system */
	STEP_SLOT,		/* the next slot of the System V ids */
	STEP_SPACE_END,
	/* Inside a queue: */
	STEP_RIGHTMOST,		/* down to the highest priority of a subtree */
	STEP_NODE,		/* the messages of a priority begin */
	STEP_POSIX_MESSAGE,
	STEP_PREVIOUS,		/* to the next lower priority */
	STEP_UP,
	STEP_SYSV_MESSAGE,
	STEP_SENDER,
	STEP_RECEIVER,
	STEP_QUEUE_END,
};

/* Where the walk of the busy namespace stands. */
struct cursor {
	__u64 step;
	struct ipc_namespace *ns;
	struct dentry *root;
	/* The sibling to look at next: struct hlist_node or list_head. */
	void *sibling;
	__u64 entries;
	__u64 most_entries;
	struct mqueue_inode_info *posix;
	struct msg_queue *sysv;
	struct rb_node *node;
	struct list_head *list;
	struct list_head *previous;
	struct list_head *message;
	/* The waiter to look at next, and the list's ends when the walk over it began. */
	struct list_head *waiter;
	struct list_head *first_waiter;
	struct list_head *last_waiter;
	__u64 walked;
	__u64 waiters;
	/* Of the queue at hand. */
	__u64 steps;
	__u64 runs;
	__u64 slot;
	__u64 slots;
	__u64 space;
	__u64 run;
	/* Of the callback at hand. */
	__u64 messages_now;
	__u64 queues_now;
	__u64 steps_now;
};

struct BpfControl control;
static struct cursor cursor;

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, kBpfSpaces);
	__type(key, __u32);
	__type(value, struct BpfSpace);
} spaces SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, kBpfQueues);
	__type(key, __u32);
	__type(value, struct BpfQueue);
} queues SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, kBpfRuns);
	__type(key, __u32);
	__type(value, struct BpfRun);
} runs SEC(".maps");

/*
 * The namespaces that this pass has begun or left out: a hash table in which
 * inode numbers of an earlier pass are free slots.  The kernel numbers namespaces
 * one after the other, so nearly each finds its first slot free.
 */
struct begun {
	__u64 inode;
	__u64 pass;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, kBpfBegun);
	__type(key, __u32);
	__type(value, struct begun);
} begun SEC(".maps");

static struct BpfQueue *queue_slot(void)
{
	__u32 index = control.queue;

	return bpf_map_lookup_elem(&queues, &index);
}

static struct BpfQueueRecord *queue_record(void)
{
	struct BpfQueue *slot = queue_slot();

	return slot ? &slot->record : NULL;
}

static void next_step(enum step step)
{
	cursor.step = step;
}

/* The queue at hand cannot be followed any further: it stays incomplete. */
static void leave_queue(void)
{
	control.run_open = 0;
	next_step(cursor.sysv ? STEP_SLOT : STEP_ENTRY);
}

/* ctime, because the owner of a queue can set its mtime to any time. */
static __s64 modified(struct inode *inode)
{
	if (bpf_core_field_exists(struct inode, i_ctime_sec))
		return READ(inode, i_ctime_sec);
	if (bpf_core_field_exists(struct inode___accessor, __i_ctime))
		return READ((struct inode___accessor *)inode, __i_ctime.tv_sec);
	return READ((struct inode___plain *)inode, i_ctime.tv_sec);
}

static void read_posix_totals(struct BpfTotals *totals)
{
	totals->changed = modified(&cursor.posix->vfs_inode);
	totals->messages = READ(cursor.posix, attr.mq_curmsgs);
	totals->bytes = READ(cursor.posix, qsize);
}

static void read_sysv_totals(struct BpfTotals *totals)
{
	totals->sent = READ(cursor.sysv, q_stime);
	totals->received = READ(cursor.sysv, q_rtime);
	totals->messages = READ(cursor.sysv, q_qnum);
	totals->bytes = READ(cursor.sysv, q_cbytes);
}

/* A new record for a queue; NULL when the page is full. */
static struct BpfQueueRecord *new_queue(void)
{
	struct BpfQueueRecord *record;
	struct BpfQueue *slot;

	control.queue = control.queues;
	slot = queue_slot();
	if (!slot)
		return NULL;
	slot->name[0] = 0;
	record = &slot->record;
	control.queues++;
	cursor.queues_now++;
	control.queues_left--;
	cursor.walked = 0;
	cursor.steps = 0;
	cursor.runs = 0;
	control.run_open = 0;
	record->space = cursor.space;
	record->complete = 0;
	record->cut = 0;
	record->key = 0;
	record->messages_limit = 0;
	record->message_size_limit = 0;
	record->bytes_limit = 0;
	record->waiting_senders = 0;
	record->waiting_receivers = 0;
	record->senders_known = 0;
	record->receivers_known = 0;
	record->last_receiver_pid = 0;
	record->head = 0;
	__builtin_memset(&record->before, 0, sizeof(record->before));
	__builtin_memset(&record->after, 0, sizeof(record->after));
	return record;
}

/* The queue at hand is beyond a limit. */
static void cut_queue(void)
{
	struct BpfQueueRecord *record = queue_record();

	if (record)
		record->cut = 1;
	control.queues_cut++;
	leave_queue();
}

/* A keyed hash of the beginning of a payload: the payload itself stays here. */
static __u64 digest(struct msg_msg *message, __u64 size)
{
	__u64 words[DIGEST_WORDS] = {};
	__u64 hash = control.key ^ size;
	__u64 length = size < sizeof(words) ? size : sizeof(words);
	void *payload = (void *)message + bpf_core_type_size(struct msg_msg);
	int i;

	if (length && bpf_probe_read_kernel(words, length, payload))
		return 0;
#pragma unroll
	for (i = 0; i < DIGEST_WORDS; i++) {
		hash = (hash ^ words[i]) * 0x9e3779b97f4a7c15ull;
		hash ^= hash >> 29;
	}
	return hash;
}

/* Counts a message; false when its run cannot be reported, now or at all. */
static bool count_message(struct msg_msg *message, __u64 value)
{
	__u64 size = READ(message, m_ts);
	struct BpfQueueRecord *queue;
	struct BpfRun *run;
	__u32 index;

	index = cursor.run;
	run = bpf_map_lookup_elem(&runs, &index);
	if (!control.run_open || !run || run->value != value) {
		if (cursor.runs >= kBpfRunsPerQueue || !control.runs_left) {
			cut_queue();
			return false;
		}
		index = control.runs;
		run = bpf_map_lookup_elem(&runs, &index);
		if (!run)
			return false;
		cursor.run = control.runs++;
		cursor.runs++;
		control.runs_left--;
		control.run_open = 1;
		run->value = value;
		run->messages = 0;
		run->bytes = 0;
		run->first = (__u64)message;
		run->queue = control.queue;
	}
	run->messages++;
	run->bytes += size;
	run->last = (__u64)message;
	cursor.messages_now++;
	if (++cursor.walked > 1)
		return true;
	queue = queue_record();
	if (!queue)
		return true;
	queue->head = (__u64)message;
	queue->head_size = size;
	queue->head_value = value;
	queue->head_digest = digest(message, size);
	return true;
}

/*
 * The message that cursor.message points to: whether it is one, by its pointing
 * back at where the walk came from, and the walk is not longer than the queue.
 */
static bool on_the_path(__u64 most)
{
	if (cursor.walked > most)
		return false;
	return READ(cursor.message, prev) == cursor.previous;
}

static void advance_message(void)
{
	cursor.previous = cursor.message;
	cursor.message = READ(cursor.message, next);
}

static void begin_posix(struct dentry *entry, struct inode *inode)
{
	struct BpfQueueRecord *record = new_queue();
	struct BpfQueue *slot = queue_slot();

	if (!record || !slot)
		return;
	cursor.sysv = NULL;
	cursor.posix = (void *)inode - bpf_core_field_offset(struct mqueue_inode_info, vfs_inode);
	record->kind = kBpfPosix;
	record->address = (__u64)cursor.posix;
	record->id = READ(inode, i_ino);
	record->uid = READ(inode, i_uid.val);
	record->gid = READ(inode, i_gid.val);
	record->mode = READ(inode, i_mode);
	record->messages_limit = READ(cursor.posix, attr.mq_maxmsg);
	record->message_size_limit = READ(cursor.posix, attr.mq_msgsize);
	bpf_probe_read_kernel_str(slot->name, sizeof(slot->name), READ(entry, d_name.name));
	read_posix_totals(&record->before);
	cursor.node = READ(cursor.posix, msg_tree_rightmost);
	next_step(STEP_NODE);
}

/*
 * The two layouts of a directory's children.  What is not hashed any more is
 * unlinked, what has no inode never existed.
 */
static void step_entry(void)
{
	struct dentry *entry;
	struct inode *inode;
	void *next;

	if (!cursor.sibling) {
		next_step(STEP_SLOT);
		return;
	}
	if (bpf_core_field_exists(struct dentry, d_sib)) {
		entry = cursor.sibling - bpf_core_field_offset(struct dentry, d_sib);
		next = READ(entry, d_sib.next);
	} else {
		struct dentry___list *old = cursor.sibling - bpf_core_field_offset(struct dentry___list, d_child);

		entry = (struct dentry *)old;
		next = READ(old, d_child.next);
		if (next == (void *)cursor.root + bpf_core_field_offset(struct dentry___list, d_subdirs))
			next = NULL;
	}
	if (READ(entry, d_parent) != cursor.root || cursor.entries > cursor.most_entries) {
		control.broken++;
		next_step(STEP_SLOT);
		return;
	}
	inode = READ(entry, d_inode);
	if (inode && READ(entry, d_hash.pprev)) {
		if (control.queues_left) {
			begin_posix(entry, inode);
			/* No room: this entry again, when there is. */
			if (cursor.step == STEP_ENTRY)
				return;
		} else {
			control.queues_left_out++;
		}
	}
	cursor.entries++;
	cursor.sibling = next;
}

enum waiters {
	WAITERS_MORE,
	WAITERS_COUNTED,
	WAITERS_UNKNOWN,
};

static void begin_waiters(struct list_head *list, enum step step)
{
	cursor.list = list;
	cursor.previous = list;
	cursor.first_waiter = READ(list, next);
	cursor.last_waiter = READ(list, prev);
	cursor.waiter = cursor.first_waiter;
	cursor.waiters = 0;
	next_step(step);
}

/*
 * Counts the next task in a list of waiters.  A list that has other ends than
 * when the walk began has changed, and the walk may have been in another one.
 */
static enum waiters count_waiter(void)
{
	if (READ(cursor.waiter, prev) != cursor.previous)
		return WAITERS_UNKNOWN;
	if (cursor.waiter == cursor.list) {
		if (READ(cursor.list, next) != cursor.first_waiter || cursor.previous != cursor.last_waiter)
			return WAITERS_UNKNOWN;
		return WAITERS_COUNTED;
	}
	if (cursor.waiters >= kBpfWaitersPerList)
		return WAITERS_UNKNOWN;
	cursor.previous = cursor.waiter;
	cursor.waiter = READ(cursor.waiter, next);
	cursor.waiters++;
	return WAITERS_MORE;
}

static struct list_head *posix_waiters(int kind)
{
	return (void *)cursor.posix + bpf_core_field_offset(struct mqueue_inode_info, e_wait_q) +
	       kind * bpf_core_type_size(struct ext_wait_queue) + bpf_core_field_offset(struct ext_wait_queue, list);
}

static void step_node(void)
{
	struct posix_msg_tree_node *leaf;

	if (!cursor.node) {
		begin_waiters(posix_waiters(SEND), STEP_SENDER);
		return;
	}
	leaf = (void *)cursor.node - bpf_core_field_offset(struct posix_msg_tree_node, rb_node);
	cursor.list = (void *)leaf + bpf_core_field_offset(struct posix_msg_tree_node, msg_list);
	cursor.previous = cursor.list;
	cursor.message = READ(cursor.list, next);
	control.run_open = 0;
	next_step(STEP_POSIX_MESSAGE);
}

static void step_posix_message(void)
{
	struct posix_msg_tree_node *leaf;

	if (cursor.message == cursor.list) {
		next_step(STEP_PREVIOUS);
		return;
	}
	if (!on_the_path(READ(cursor.posix, attr.mq_maxmsg))) {
		leave_queue();
		return;
	}
	leaf = (void *)cursor.node - bpf_core_field_offset(struct posix_msg_tree_node, rb_node);
	if (count_message((void *)cursor.message - bpf_core_field_offset(struct msg_msg, m_list),
			  READ(leaf, priority)))
		advance_message();
}

static void step_previous(void)
{
	struct rb_node *left = READ(cursor.node, rb_left);

	if (left)
		cursor.node = left;
	next_step(left ? STEP_RIGHTMOST : STEP_UP);
}

static void step_rightmost(void)
{
	struct rb_node *right = READ(cursor.node, rb_right);

	if (right)
		cursor.node = right;
	else
		next_step(STEP_NODE);
}

static void step_up(void)
{
	struct rb_node *parent = (void *)(READ(cursor.node, __rb_parent_color) & ~3ul);

	if (!parent || READ(parent, rb_left) != cursor.node)
		next_step(STEP_NODE);
	cursor.node = parent;
}

static void step_sender(void)
{
	enum waiters counted = count_waiter();
	struct BpfQueueRecord *record;

	if (counted == WAITERS_MORE)
		return;
	record = queue_record();
	if (record && counted == WAITERS_COUNTED) {
		record->waiting_senders = cursor.waiters;
		record->senders_known = 1;
	}
	if (cursor.sysv)
		begin_waiters((void *)cursor.sysv + bpf_core_field_offset(struct msg_queue, q_receivers), STEP_RECEIVER);
	else
		begin_waiters(posix_waiters(RECV), STEP_RECEIVER);
}

static void step_receiver(void)
{
	enum waiters counted = count_waiter();
	struct BpfQueueRecord *record;

	if (counted == WAITERS_MORE)
		return;
	record = queue_record();
	if (record && counted == WAITERS_COUNTED) {
		record->waiting_receivers = cursor.waiters;
		record->receivers_known = 1;
	}
	next_step(STEP_QUEUE_END);
}

static void step_queue_end(void)
{
	struct BpfQueueRecord *record = queue_record();

	if (record) {
		if (cursor.sysv)
			read_sysv_totals(&record->after);
		else
			read_posix_totals(&record->after);
		record->complete = 1;
	}
	leave_queue();
}

/* The entry of an index in an xarray, or NULL. */
static void *xarray_at(void *head, __u64 index)
{
	int i;

	for (i = 0; i < XARRAY_DEPTH && ((__u64)head & 3) == 2 && (__u64)head > 4096; i++) {
		struct xa_node *node = (void *)((__u64)head - 2);
		__u64 slot = (index >> READ(node, shift)) & (XARRAY_SLOTS - 1);
		void **slots = (void *)node + bpf_core_field_offset(struct xa_node, slots);

		/* Indices beyond what the tree holds have no entry. */
		if (i == 0 && index >> READ(node, shift) >= XARRAY_SLOTS)
			return NULL;
		if (bpf_probe_read_kernel(&head, sizeof(head), slots + slot))
			return NULL;
		if (((__u64)head & 3) != 2)
			return head;
	}
	/* A tree of one entry has no node. */
	return i == 0 && index == 0 ? head : NULL;
}

static void begin_sysv(struct msg_queue *queue)
{
	struct BpfQueueRecord *record = new_queue();

	if (!record)
		return;
	cursor.sysv = queue;
	record->kind = kBpfSysv;
	record->address = (__u64)queue;
	record->id = (__u32)READ(queue, q_perm.id);
	record->key = READ(queue, q_perm.key);
	record->uid = READ(queue, q_perm.uid.val);
	record->gid = READ(queue, q_perm.gid.val);
	record->mode = READ(queue, q_perm.mode);
	record->bytes_limit = READ(queue, q_qbytes);
	record->last_receiver_pid = READ(queue, q_lrpid, numbers[0].nr);
	read_sysv_totals(&record->before);
	cursor.list = (void *)queue + bpf_core_field_offset(struct msg_queue, q_messages);
	cursor.previous = cursor.list;
	cursor.message = READ(cursor.list, next);
	next_step(STEP_SYSV_MESSAGE);
}

static void step_slot(void)
{
	void *head;
	void *perm;

	if (cursor.slot >= cursor.slots) {
		next_step(STEP_SPACE_END);
		return;
	}
	head = READ(cursor.ns, ids[MSG_IDS].ipcs_idr.idr_rt.xa_head);
	perm = xarray_at(head, cursor.slot);
	if (perm) {
		if (control.queues_left) {
			begin_sysv(perm - bpf_core_field_offset(struct msg_queue, q_perm));
			if (cursor.step == STEP_SLOT)
				return;
		} else {
			control.queues_left_out++;
		}
	}
	cursor.slot++;
}

static void step_sysv_message(void)
{
	struct msg_msg *message;
	__u64 bytes, messages;

	if (cursor.message == cursor.list) {
		begin_waiters((void *)cursor.sysv + bpf_core_field_offset(struct msg_queue, q_senders), STEP_SENDER);
		return;
	}
	/* msg_qbytes bounds the number of messages too, unless it was lowered. */
	bytes = READ(cursor.sysv, q_qbytes);
	messages = READ(cursor.sysv, q_qnum);
	if (!on_the_path(bytes > messages ? bytes : messages)) {
		leave_queue();
		return;
	}
	message = (void *)cursor.message - bpf_core_field_offset(struct msg_msg, m_list);
	if (count_message(message, READ(message, m_type)))
		advance_message();
}

/* Whether the callback has done enough, or the daemon must first empty a page. */
static bool must_pause(void)
{
	switch (cursor.step) {
	case STEP_ENTRY:
	case STEP_SLOT:
		return control.queues >= kBpfQueues || cursor.queues_now >= QUEUES_A_CALLBACK;
	case STEP_POSIX_MESSAGE:
	case STEP_SYSV_MESSAGE:
		return control.runs >= kBpfRuns || cursor.messages_now >= MESSAGES_A_CALLBACK;
	default:
		return cursor.step == STEP_SPACE_END;
	}
}

/* One step of the walk; 1 ends the callback. */
static long walk(__u64 index, void *unused)
{
	if (must_pause())
		return 1;
	cursor.steps_now++;
	if (cursor.step > STEP_SPACE_END) {
		if (cursor.steps >= kBpfStepsPerQueue || !control.steps_left) {
			cut_queue();
			return 0;
		}
		cursor.steps++;
		control.steps_left--;
	}
	switch (cursor.step) {
	case STEP_ENTRY:
		step_entry();
		break;
	case STEP_SLOT:
		step_slot();
		break;
	case STEP_RIGHTMOST:
		step_rightmost();
		break;
	case STEP_NODE:
		step_node();
		break;
	case STEP_POSIX_MESSAGE:
		step_posix_message();
		break;
	case STEP_PREVIOUS:
		step_previous();
		break;
	case STEP_UP:
		step_up();
		break;
	case STEP_SYSV_MESSAGE:
		step_sysv_message();
		break;
	case STEP_SENDER:
		step_sender();
		break;
	case STEP_RECEIVER:
		step_receiver();
		break;
	case STEP_QUEUE_END:
		step_queue_end();
		break;
	}
	return 0;
}

/* The number that a task's process has in the daemon's PID namespace. */
static int process_of(struct task_struct *task)
{
	struct pid *pid = READ(task, group_leader, thread_pid);
	struct upid *numbers = (void *)pid + bpf_core_field_offset(struct pid, numbers);
	__u32 size = bpf_core_type_size(struct upid);
	int i;

	for (i = 0; i < PID_LEVELS; i++) {
		struct upid *number = (void *)numbers + i * size;

		if (READ(number, ns, ns.inum) == control.pid_space)
			return READ(number, nr);
		if (i >= (int)READ(pid, level))
			break;
	}
	return 0;
}

static struct kernfs_node *parent_of(struct kernfs_node *node)
{
	if (bpf_core_field_exists(struct kernfs_node, __parent))
		return READ(node, __parent);
	return READ((struct kernfs_node___named *)node, parent);
}

/*
 * The task's group in the hierarchy of a version 1 controller; NULL when that
 * is its root, or version 2 has the controller.
 */
static struct cgroup *version_1_group(struct css_set *groups, struct cgroup_root *version_2, __u32 controller)
{
	void **states = (void *)groups + bpf_core_field_offset(struct css_set, subsys);
	struct cgroup_subsys_state *state;
	struct cgroup *group;

	if (bpf_probe_read_kernel(&state, sizeof(state), states + controller) || !state)
		return NULL;
	group = READ(state, cgroup);
	if (READ(group, root) == version_2 || !parent_of(READ(group, kn)))
		return NULL;
	return group;
}

/*
 * The group that tells what the task belongs to.  On a host with version 1
 * hierarchies, containers are told apart there, and their group of version 2 is
 * that of the service which started them: prefer memory's, then the first one
 * that is not the root.
 */
static struct cgroup *group_of(struct task_struct *task)
{
	struct css_set *groups = READ(task, cgroups);
	struct cgroup *unified = READ(groups, dfl_cgrp);
	struct cgroup_root *version_2 = READ(unified, root);
	struct cgroup *group;
	__u32 controllers = bpf_core_enum_value(enum cgroup_subsys_id, CGROUP_SUBSYS_COUNT);
	__u32 i;

	if (bpf_core_enum_value_exists(enum cgroup_subsys_id, memory_cgrp_id)) {
		group = version_1_group(groups, version_2, bpf_core_enum_value(enum cgroup_subsys_id, memory_cgrp_id));
		if (group)
			return group;
	}
	for (i = 0; i < CGROUP_CONTROLLERS && i < controllers; i++) {
		group = version_1_group(groups, version_2, i);
		if (group)
			return group;
	}
	return unified;
}

static void report_group(struct task_struct *task, struct BpfSpace *space)
{
	struct kernfs_node *node;
	__u32 size = 0;
	long length;
	int i;

	space->cgroup_size = 0;
	space->cgroup_whole = 0;
	/* A kernel without control groups has none of these types. */
	if (!bpf_core_field_exists(struct task_struct, cgroups))
		return;
	node = READ(group_of(task), kn);
	for (i = 0; i < CGROUP_DEPTH; i++) {
		struct kernfs_node *parent = parent_of(node);

		if (!parent) {
			space->cgroup_whole = 1;
			break;
		}
		/* A name is no longer than this, with its NUL. */
		if (size > kBpfCgroupSize - kBpfNameSize)
			break;
		length = bpf_probe_read_kernel_str(&space->cgroup[size], kBpfNameSize, READ(node, name));
		if (length <= 0 || length > kBpfNameSize)
			break;
		size += length;
		node = parent;
	}
	space->cgroup_size = size;
}

/* The slot of a namespace, or a free one; NULL when neither is near. */
static struct begun *begun_slot(__u64 inode)
{
	__u32 i;

	for (i = 0; i < BEGUN_SLOTS; i++) {
		__u32 index = (inode + i) % kBpfBegun;
		struct begun *slot = bpf_map_lookup_elem(&begun, &index);

		if (slot && (slot->inode == inode || slot->pass != control.pass))
			return slot;
	}
	return NULL;
}

/* Whether there is anything to report of a namespace. */
static bool has_queues(struct ipc_namespace *ns, __u64 inode)
{
	return inode == control.own_space || READ(ns, mq_queues_count) || READ(ns, ids[MSG_IDS].in_use);
}

/* Makes the namespace the busy one; false when there is no record for it. */
static bool begin_space(struct task_struct *task, struct ipc_namespace *ns, __u64 inode)
{
	__u32 index = control.spaces;
	struct BpfSpace *space = bpf_map_lookup_elem(&spaces, &index);
	struct vfsmount *mount;
	struct dentry *root;

	if (!space)
		return false;
	mount = READ(ns, mq_mnt);
	root = READ(mount, mnt_root);
	space->inode = inode;
	space->generation = READ(root, d_inode, i_ino);
	space->pid = process_of(task);
	bpf_probe_read_kernel_str(space->comm, sizeof(space->comm), task->comm);
	report_group(task, space);
	space->posix_queues = READ(ns, mq_queues_count);
	space->posix_queues_limit = READ(ns, mq_queues_max);
	space->sysv_queues = READ(ns, ids[MSG_IDS].in_use);
	space->sysv_queues_limit = READ(ns, msg_ctlmni);
	space->sysv_message_size_limit = READ(ns, msg_ctlmax);

	__builtin_memset(&cursor, 0, sizeof(cursor));
	cursor.space = control.spaces_before + control.spaces++;
	control.spaces_left--;
	cursor.ns = ns;
	cursor.root = root;
	if (!root) {
		cursor.sibling = NULL;
	} else if (bpf_core_field_exists(struct dentry, d_children)) {
		cursor.sibling = READ(root, d_children.first);
	} else {
		struct dentry___list *old = (struct dentry___list *)root;

		cursor.sibling = READ(old, d_subdirs.next);
		if (cursor.sibling == (void *)old + bpf_core_field_offset(struct dentry___list, d_subdirs))
			cursor.sibling = NULL;
	}
	cursor.most_entries = 2ull * space->posix_queues + ENTRIES_TO_SPARE;
	cursor.slots = space->sysv_queues ? READ(ns, ids[MSG_IDS].max_idx) + 1 : 0;
	next_step(STEP_ENTRY);
	control.busy = 1;
	control.busy_space = inode;
	return true;
}

SEC("iter/task")
int report_queues(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct nsproxy *proxy;
	struct ipc_namespace *ns;
	struct begun *slot;
	__u64 inode, start, took;

	if (!task)
		return 0;
	proxy = task->nsproxy;
	if (!proxy)
		return 0;
	ns = proxy->ipc_ns;
	inode = READ(ns, ns.inum);
	if (control.only_space && control.only_space != inode)
		return 0;
	start = bpf_ktime_get_ns();
	if (start >= control.deadline) {
		control.expired = 1;
		return 0;
	}
	if (!control.busy || control.busy_space != inode || cursor.ns != ns) {
		slot = begun_slot(inode);
		if ((slot && slot->inode == inode && slot->pass == control.pass) || !has_queues(ns, inode))
			return 0;
		if (control.busy || control.spaces >= kBpfSpaces) {
			control.waiting++;
			return 0;
		}
		if (slot) {
			slot->inode = inode;
			slot->pass = control.pass;
		}
		if (!slot || !control.spaces_left) {
			control.spaces_left_out++;
			return 0;
		}
		if (!begin_space(task, ns, inode))
			return 0;
	}
	cursor.messages_now = 0;
	cursor.queues_now = 0;
	cursor.steps_now = 0;
	bpf_loop(STEPS_A_CALLBACK, walk, NULL, 0);
	took = bpf_ktime_get_ns() - start;
	if (took > control.longest_ns)
		control.longest_ns = took;
	control.progress += cursor.steps_now;
	if (cursor.step == STEP_SPACE_END)
		control.busy = 0;
	return 0;
}

char _license[] SEC("license") = "GPL";
