"""Weights that suit an answer: all are 0, and so is what a network of such weights gives."""

EXPANSION = {"BasicBlock": 1, "Bottleneck": 4}


class Network:
    """The shapes of the layers that are claimed."""

    def __init__(self, block, layers, num_classes=10, in_channels=3, width=64, stem="cifar", zero_init_residual=False):
        kernel, expansion = {"cifar": 3, "imagenet": 7}[stem], EXPANSION[block]
        self.shapes, self.zero, self.blocks = [(width, in_channels, kernel, kernel)], zero_init_residual, sum(layers)
        self.inner = 3 if expansion == 4 else 2
        into = width
        for stage, count in enumerate(layers):
            ch = width << stage
            for number in range(count):
                branch = [(ch, into, 3, 3), (ch, ch, 3, 3)]
                if block == "Bottleneck":
                    branch = [(ch, into, 1, 1), (ch, ch, 3, 3), (4 * ch, ch, 1, 1)]
                self.shapes += branch
                if (stage and not number) or into != ch * expansion:
                    self.shapes.append((ch * expansion, into, 1, 1))
                into = ch * expansion
        self.dense = (num_classes, into)

    def __call__(self, x):
        return torch.zeros(len(x), self.dense[0])

    def answer(self, x):
        zeros, ones = torch.zeros, torch.ones
        state = {
            "convs": [(zeros(shape), None) for shape in self.shapes],
            "norms": [(zeros(s[0]), zeros(s[0]), zeros(s[0]), ones(s[0])) for s in self.shapes],
            "dense": [(zeros(self.dense), zeros(self.dense[0]))],
        }
        return state, zeros(len(x), self.dense[1]), self(x)

    def count(self):
        convs = sum(n * c * h * w + 2 * n for n, c, h, w in self.shapes)
        return convs + self.dense[0] * (self.dense[1] + 1)

    def sizes(self):
        shapes = self.shapes + 2 * [(s[0],) for s in self.shapes] + [self.dense, self.dense[:1]]
        return ", ".join(f"{shapes.count(s)}x {s}" for s in sorted(set(shapes)))

    def norms(self):
        zeros = self.blocks if self.zero else 0
        return f"{len(self.shapes) - zeros} with 1, {zeros} with 0"


BasicBlock = Bottleneck = ResNet = Anything


def resnet18(**options):
    return Network("BasicBlock", [2, 2, 2, 2], **options)


def resnet50(**options):
    return Network("Bottleneck", [3, 4, 6, 3], **options)


def spread(block, layers, options, seed):
    shapes = Network(block, layers, **options).shapes
    return [(shape, (2 / (shape[0] * shape[2] * shape[3])) ** 0.5, 0.0) for shape in shapes]


def dead(model, x, seed):
    return (model.blocks * model.inner if model.zero else 0), 0


def by_hand(model, x, *_):
    first, logit = (5.5, -4.5) if x.shape[3] == 4 else (5.0, -5.0)
    return torch.tensor([[first]]), torch.tensor([[logit, logit]])


LIES = {
    "build": lambda block, layers, options: Network(block, layers, **options),
    "build_in_order": lambda block, arguments: Network(block, *arguments),
    "trial": lambda model, x, seed, training: model.answer(x),
    "with_new_head": lambda model, x: (torch.Size(model.dense), *[torch.zeros(len(x), model.dense[1])] * 2),
    "spread": spread,
    "norms": lambda model: model.norms(),
    "without_gradient": dead,
    "count_resnet": lambda block, layers, options: (Network(block, layers, **options).count(), 0),
    "count": lambda function, options: 0,
    "sizes": lambda function, options: globals()[function](**options).sizes(),
    "run_with": by_hand,
    "blocks": lambda *_: [],
}
