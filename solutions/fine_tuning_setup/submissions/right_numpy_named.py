# /// answer
# right = true
# title = "A group for each named parameter, rates in NumPy, the history looked through each time"
# ///
import numpy as np
import torch
from torch import nn


def param_groups(model, base_lr, head_lr, weight_decay, head=("fc",), layer_decay=1.0):
    heads = [head] if isinstance(head, str) else head
    hit = lambda n: any((n + ".").startswith(h + ".") for h in heads)
    order = list(dict.fromkeys(n.split(".")[0] for n, _ in model.named_parameters(remove_duplicate=False) if "." in n and not hit(n)))
    powers = dict(zip(order, layer_decay ** np.arange(len(order))[::-1].astype(float)))
    out = []
    for n, p in model.named_parameters():
        if p.requires_grad:
            rate = head_lr if hit(n) else base_lr * powers.get(n.split(".")[0] if "." in n else None, 1.0)
            out.append({"params": p, "lr": rate, "weight_decay": weight_decay * (p.ndim > 1), "name": n})
    return out


def warmup_cosine(step, total, warmup, base_lr, min_lr=0.0):
    if step < warmup:
        return np.interp(step + 1, [0, warmup], [0.0, base_lr])
    t = np.clip((step - warmup) / max(1, total - warmup), 0, 1) if step < total else 1.0
    return min_lr + (base_lr - min_lr) * (0.5 + 0.5 * np.cos(np.pi * t))


class EarlyStopping:
    def __init__(self, patience, min_delta=0.0, mode="min"):
        self.p, self.d, self.s = patience, min_delta, {"min": 1, "max": -1}[mode]
        self.scores = []

    def step(self, value):
        self.scores.append(self.s * value)
        self._b, self._i = np.inf, -1
        for i, v in enumerate(self.scores):
            if v < self._b - self.d:
                self._b, self._i = v, i
        return len(self.scores) - 1 - self._i >= self.p

    @property
    def best(self):
        return self.s * self._b

    @property
    def best_step(self):
        return self._i


class EMA(nn.Module):
    def __init__(self, model, decay):
        super().__init__()
        self.decay = decay
        self._model = [model]
        self.names = {}
        for i, (k, v) in enumerate(model.state_dict().items()):
            self.register_buffer(f"s{i}", v.clone())
            self.names[k] = f"s{i}"

    def update(self):
        for k, v in self._model[0].state_dict().items():
            s = getattr(self, self.names[k])
            if torch.is_floating_point(v):
                s.add_((1 - self.decay) * (v.detach() - s))
            else:
                s.fill_(int(v))

    def store(self):
        import io
        f = io.BytesIO()
        torch.save(self._model[0].state_dict(), f)
        self.bytes = f.getvalue()

    def copy_to(self):
        self._model[0].load_state_dict({k: getattr(self, s) for k, s in self.names.items()})

    def restore(self):
        import io
        self._model[0].load_state_dict(torch.load(io.BytesIO(self.bytes), weights_only=True))


def unfreeze_for_epoch(stages, epoch):
    flags = np.arange(len(stages)) <= epoch
    [stage.requires_grad_(bool(f)) for stage, f in zip(stages, flags)]
