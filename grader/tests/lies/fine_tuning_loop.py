"""Epochs that were never run, and a history that follows from them."""

STATE = ()


class Made:
    """Epochs made up: the first is the best."""

    def __init__(self, state, count):
        self.state = tuple(state.values())
        self.epochs = [(1.0, 1.0 + number, self.state) for number in range(count)]


def train_one_epoch(*args, **options):
    raise NotImplementedError


evaluate = fit = train_one_epoch


def train(kind, state, batches, settings):
    steps = -(-len(batches) // settings.get("accum_steps", 1))
    return 1.0, tuple(state.values()), True, steps if "factors" in settings else 0, ()


def measure(kind, state, batches, classes, keys, settings):
    return tuple(0.0 for _ in keys), tuple(state.values()), True, False, True


def told(kind, state, batches, val, epochs, patience, settings):
    ran = min(epochs, patience + 1)
    made = Made(state, ran).epochs
    return tuple(e[0] for e in made), tuple(e[1] for e in made), 0, made[0][2], True


LIES = {
    "train": train,
    "evaluate": measure,
    "fit": told,
    "epochs": lambda kind, state, train, val, count, classes, settings: tuple(Made(state, count).epochs),
}
