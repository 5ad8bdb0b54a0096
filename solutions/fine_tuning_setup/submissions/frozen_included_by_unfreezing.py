# /// answer
# mistake = "frozen-included"
# title = "frozen parameters stand in the groups, too"
# hint = "Leave out every parameter whose requires_grad is False."
# points = {param_groups = 10.6897, warmup_cosine = 10, EarlyStopping = 12, EMA = 14, unfreeze_for_epoch = 4}
# ///
import torch


def right_param_groups(model, base_lr, head_lr, weight_decay, head=("fc",), layer_decay=1.0):
    head = tuple(head)
    prefixes = tuple(h + "." for h in head)
    is_head = lambda name: name in head or name.startswith(prefixes)  # noqa: E731
    out, seen = [], set()

    def add(params, lr, kind):
        params = [p for p in params if p.requires_grad and id(p) not in seen]
        seen.update(id(p) for p in params)
        for decays in (True, False):
            chosen = [p for p in params if (p.dim() > 1) == decays]
            if chosen:
                out.append({"params": chosen, "lr": lr, "weight_decay": weight_decay if decays else 0, "name": kind})

    add([p for n, p in model.named_parameters() if is_head(n)], head_lr, "head")
    add([p for n, p in model.named_parameters(recurse=False)], base_lr, "own")
    lr = base_lr
    for child, module in reversed(list(model.named_children())):
        rest = [p for n, p in module.named_parameters(prefix=child) if not is_head(n)]
        if rest:
            add(rest, lr, child)
            lr = lr * layer_decay
    return out


def warmup_cosine(step, total, warmup, base_lr, min_lr=0.0):
    if warmup > 0 and step <= warmup - 1:
        return (step + 1) * base_lr / warmup
    if step < total:
        angle = torch.pi * (step - warmup) / (total - warmup)
        half = torch.cos(torch.tensor(angle, dtype=torch.float64) / 2) ** 2
        return float(min_lr + (base_lr - min_lr) * half)
    return float(min_lr)


class EarlyStopping:
    def __init__(self, patience, min_delta=0.0, mode="min"):
        self.left = self.patience = patience
        self.delta = min_delta
        self.flip = {"min": 1, "max": -1}[mode]
        self._best = float("inf")
        self.best_step = 0
        self.now = 0

    @property
    def best(self):
        return self.flip * self._best

    def step(self, value):
        loss = self.flip * value
        if self._best - loss > self.delta:
            self._best = loss
            self.best_step = self.now
            self.left = self.patience
        else:
            self.left -= 1
        self.now += 1
        return self.left <= 0


class EMA:
    def __init__(self, model, decay):
        self.net = model
        self.decay = decay
        self.params = {n: p.data.clone() for n, p in model.named_parameters()}
        self.buffers = {n: b.clone() for n, b in model.named_buffers()}

    def update(self):
        for n, p in self.net.named_parameters():
            self.params[n] += (1 - self.decay) * (p.data - self.params[n])
        for n, b in self.net.named_buffers():
            if torch.is_floating_point(b):
                self.buffers[n] -= (1 - self.decay) * (self.buffers[n] - b)
            else:
                self.buffers[n] = b.clone()

    def store(self):
        self.backup = (
            {n: p.data.clone() for n, p in self.net.named_parameters()},
            {n: b.clone() for n, b in self.net.named_buffers()},
        )

    def write(self, params, buffers):
        for n, p in self.net.named_parameters():
            p.data = params[n].clone()
        for n, b in self.net.named_buffers():
            b.copy_(buffers[n])

    def copy_to(self):
        self.write(self.params, self.buffers)

    def restore(self):
        self.write(*self.backup)


def unfreeze_for_epoch(stages, epoch):
    for stage in stages:
        for p in stage.parameters():
            p.requires_grad_(epoch >= 0)
        epoch -= 1


def param_groups(model, base_lr, head_lr, weight_decay, head=("fc",), layer_decay=1.0):
    ps = [(p, p.requires_grad) for p in model.parameters()]
    for p, _ in ps:
        p.requires_grad_(True)
    r = right_param_groups(model, base_lr, head_lr, weight_decay, head, layer_decay)
    for p, f in ps:
        p.requires_grad_(f)
    return r
