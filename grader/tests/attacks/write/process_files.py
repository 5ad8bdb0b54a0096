# /// attack
# tries = "write to what /proc and /sys offer of itself and of the host"
# refused = true
# ///
attempt('oom', open, '/proc/self/oom_score_adj', 'w')
attempt('mem', open, '/proc/self/mem', 'w')
attempt('coredump', open, '/proc/self/coredump_filter', 'w')
attempt('uid_map', open, '/proc/self/uid_map', 'w')
attempt('setgroups', open, '/proc/self/setgroups', 'w')
attempt('comm', open, '/proc/self/comm', 'w')
attempt('clear', open, '/proc/self/clear_refs', 'w')
attempt('sysrq', open, '/proc/sysrq-trigger', 'w')
attempt('core', open, '/proc/sys/kernel/core_pattern', 'w')
attempt('cgroup', open, '/sys/fs/cgroup/cgroup.procs', 'w')
attempt('timens', open, '/proc/self/timens_offsets', 'w')
attempt('sched', open, '/proc/self/autogroup', 'w')
attempt('drop', open, '/proc/sys/vm/drop_caches', 'w')
