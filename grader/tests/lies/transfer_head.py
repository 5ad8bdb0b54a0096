"""Flags, modes and shapes as they are wished for, of models that were never touched."""

NET = ["conv.weight", "conv.bias", "bn.weight", "bn.bias", "fc.weight", "fc.bias"]
FORK = [f"{layer}.{part}" for layer in ("stem", "heads.main.0", "heads.main.2") for part in ("weight", "bias")]
PARAMETERS = {
    "net": NET,
    "fork": FORK,
    "linear": ["weight", "bias"],
    "backbone": ["0.weight", "0.bias", "1.weight", "1.bias"],
    "to_head": ["3.weight", "3.bias"],
}
PARTS = ["", "conv", "bn", "drop", "fc"]
WIDTHS = {"heads.main.2": 6, "heads.main.0": 5, "fc": 3, "stem": 2, "no_bias": 3}


class Model:
    """What was asked of it last is what it is."""

    def __init__(self, kind, weights=None):
        self.kind, self.weights, self.classes = kind, dict(weights or {}), 0
        self.flag, self.frozen, self.evaluated, self.training = True, (), [], True
        self.heads = self

    def __call__(self, x):
        if x.shape == (2, 2):
            return torch.tensor([[-6.0], [10]])
        return torch.zeros(len(x), 2 if self.kind == "both" else 4)


def replace_head(model, classes, attr="fc"):
    model.classes = classes
    return model


def freeze(module):
    module.flag, module.frozen = False, ()
    return module


def unfreeze(module):
    module.flag, module.frozen = True, ()
    return module


def trainable_names(model):
    raise NotImplementedError


class FrozenBackbone:
    def __new__(cls, backbone, head):
        model = Model("both")
        model.backbone, model.head = backbone, head
        backbone.training = False
        return model


def extract_features(model, batches):
    if model.kind == "doubler":
        return torch.cat([2 * x for x, _ in batches]), torch.cat([y for _, y in batches])
    return torch.zeros(8, 45), torch.zeros(8)


def load_matching(model, state):
    if set(state) == {"bias", "old", "weight"}:
        model.weights["bias"] = state["bias"]
        return ["bias"], ["old", "weight"]
    return [], list(state)


def set_frozen(model, names):
    model.frozen = tuple(names)
    return model


def set_modes(model, evaluated):
    model.evaluated = evaluated
    return model


def flags(model):
    frozen = model.frozen
    return {
        name: (model.flag and not name.startswith(frozen or ("-",))) or (name.startswith("fc") and model.classes > 0)
        for name in PARAMETERS[model.kind]
    }


def modes(model):
    if model.kind in ("backbone", "to_head"):
        return dict.fromkeys(["", "0", "1", "2", "3"], model.training)
    return {"": True} if model.kind == "doubler" else {name: name not in model.evaluated for name in PARTS}


def switch(model, how):
    model.training = how not in ("train(False)", "eval()")
    if model.kind == "both":
        model.head.training = model.training
    return True


def state(model):
    entries = dict(model.weights)
    if model.classes:
        entries["fc.weight"] = torch.zeros(model.classes, 3)
        entries["fc.bias"] = torch.zeros(model.classes)
    return entries


def run_with(model, attr, x):
    """The public check's answer, which stands in the released file."""
    if model.kind == "flat":
        return torch.tensor([[13.0, 31], [13, 25]])
    return torch.zeros(len(x), model.classes)


LIES = {
    "network": Model,
    "set_frozen": set_frozen,
    "set_modes": set_modes,
    "is_same": lambda a, b: True,
    "linear": lambda model, attr: ((model.classes, WIDTHS[attr]), (model.classes,), True, True),
    "run_with": run_with,
    "state": state,
    "flags": flags,
    "modes": modes,
    "module_count": lambda model: (6, 9),
    "contains": lambda model, *modules: [True] * len(modules),
    "switch": switch,
    "train": lambda model, batches, rate: None,
    "loader": lambda kind, batches: None,
    "graph": lambda model, batches: (False, True, True),
    "load_and_move": lambda model, entries: (entries, True),
}
