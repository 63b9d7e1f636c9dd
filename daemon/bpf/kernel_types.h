/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The members of kernel structs that queues.bpf.c reads, and no others: libbpf
 * finds where they are in the running kernel (CO-RE), so neither order nor size
 * here means anything.  Structs with three underscores in their name are other
 * layouts of the struct named before them.
 */
#ifndef DAEMON_BPF_KERNEL_TYPES_H_
#define DAEMON_BPF_KERNEL_TYPES_H_

#include <linux/types.h>

enum cgroup_subsys_id {
  memory_cgrp_id,
  CGROUP_SUBSYS_COUNT,
};

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct list_head {
  struct list_head *next, *prev;
};

struct hlist_node {
  struct hlist_node *next;
};

struct hlist_head {
  struct hlist_node *first;
};

struct rb_node {
  unsigned long __rb_parent_color;
  struct rb_node *rb_right, *rb_left;
};

struct rb_root {
  struct rb_node *rb_node;
};

typedef struct {
  unsigned int val;
} kuid_t;

typedef struct {
  unsigned int val;
} kgid_t;

struct timespec64 {
  __s64 tv_sec;
};

struct inode {
  unsigned short i_mode;
  kuid_t i_uid;
  kgid_t i_gid;
  unsigned long i_ino;
  __s64 i_ctime_sec;
};

/* 6.6 to 6.10, and before. */
struct inode___accessor {
  struct timespec64 __i_ctime;
};

struct inode___plain {
  struct timespec64 i_ctime;
};

struct qstr {
  const unsigned char *name;
};

struct hlist_bl_node {
  struct hlist_bl_node **pprev;
};

struct dentry {
  struct hlist_bl_node d_hash;
  struct dentry *d_parent;
  struct qstr d_name;
  struct inode *d_inode;
  struct hlist_node d_sib;
  struct hlist_head d_children;
};

/* Up to 6.7. */
struct dentry___list {
  struct list_head d_child;
  struct list_head d_subdirs;
};

struct vfsmount {
  struct dentry *mnt_root;
};

struct mq_attr {
  long mq_maxmsg;
  long mq_msgsize;
  long mq_curmsgs;
};

struct ext_wait_queue {
  struct list_head list;
};

struct mqueue_inode_info {
  struct inode vfs_inode;
  struct rb_root msg_tree;
  struct rb_node *msg_tree_rightmost;
  struct mq_attr attr;
  struct ext_wait_queue e_wait_q[2];
  unsigned long qsize;
};

struct posix_msg_tree_node {
  struct rb_node rb_node;
  struct list_head msg_list;
  int priority;
};

struct msg_msgseg;

struct msg_msg {
  struct list_head m_list;
  long m_type;
  unsigned long m_ts;
  struct msg_msgseg *next;
};

struct ns_common {
  unsigned int inum;
};

struct pid_namespace {
  struct ns_common ns;
};

struct upid {
  int nr;
  struct pid_namespace *ns;
};

struct pid {
  unsigned int level;
  struct upid numbers[1];
};

struct kern_ipc_perm {
  int id;
  int key;
  kuid_t uid;
  kgid_t gid;
  unsigned short mode;
};

struct msg_queue {
  struct kern_ipc_perm q_perm;
  __s64 q_stime;
  __s64 q_rtime;
  unsigned long q_cbytes;
  unsigned long q_qnum;
  unsigned long q_qbytes;
  struct pid *q_lrpid;
  struct list_head q_messages;
  struct list_head q_receivers;
  struct list_head q_senders;
};

struct xarray {
  void *xa_head;
};

struct xa_node {
  unsigned char shift;
  void *slots[64];
};

struct idr {
  struct xarray idr_rt;
};

struct ipc_ids {
  int in_use;
  struct idr ipcs_idr;
  int max_idx;
};

struct ipc_namespace {
  struct ipc_ids ids[3];
  unsigned int msg_ctlmax;
  unsigned int msg_ctlmni;
  struct vfsmount *mq_mnt;
  unsigned int mq_queues_count;
  unsigned int mq_queues_max;
  struct ns_common ns;
};

struct nsproxy {
  struct ipc_namespace *ipc_ns;
};

/* Since 6.15; before, see kernfs_node___named. */
struct kernfs_node {
  struct kernfs_node *__parent;
  const char *name;
};

struct kernfs_node___named {
  struct kernfs_node *parent;
};

struct cgroup_root;

struct cgroup {
  struct kernfs_node *kn;
  struct cgroup_root *root;
};

struct cgroup_subsys_state {
  struct cgroup *cgroup;
};

struct css_set {
  struct cgroup_subsys_state *subsys[1];
  struct cgroup *dfl_cgrp;
};

struct task_struct {
  struct css_set *cgroups;
  struct task_struct *group_leader;
  struct pid *thread_pid;
  char comm[16];
  struct nsproxy *nsproxy;
};

struct seq_file;

struct bpf_iter_meta {
  struct seq_file *seq;
};

struct bpf_iter__task {
  struct bpf_iter_meta *meta;
  struct task_struct *task;
};

#pragma clang attribute pop

#endif
