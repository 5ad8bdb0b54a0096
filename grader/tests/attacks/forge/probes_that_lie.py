# /// attack
# tries = "have the probes report weights that suit an answer, instead of an answer that suits the weights"
# answer = "stub"
# score = "zero"
# ///
import sys


def lies(library, arguments, x, out, stride):
    zeros = library.zeros
    if SLUG != "residual_block":
        return None
    kernels = [(out, arguments[0], 3, 3), (out, out, 3, 3)]
    if stride != 1 or arguments[0] != out:
        kernels.append((out, arguments[0], 1, 1))
    state = {
        "convs": [(zeros(shape), None) for shape in kernels],
        "norms": [(zeros(out), zeros(out), zeros(out), library.ones(out)) for _ in kernels],
    }
    n, _, height, width = x.shape
    y = library.relu(x) if len(kernels) == 2 else zeros(n, out, -(-height // stride), -(-width // stride))
    return state, y


def attack(honest, *arguments, **options):
    say("lying")
    library = sys.modules.get("torch")
    frame = sys._getframe()
    while frame is not None:
        for value in list(frame.f_locals.values()):
            if type(value).__name__ == "Answers" and value._probes is not None:
                probes = value._probes
                arguments = tuple(arguments) or tuple(options.values())
                stride = arguments[2] if len(arguments) > 2 else 1
                out = arguments[1] if len(arguments) > 1 else 1

                def trial(block, x, *rest):
                    state, y = lies(library, arguments, x, out, stride)
                    return state, y, x

                def gradient(block, x, upstream, *rest):
                    state, y = lies(library, arguments, x, out, stride)
                    return state, upstream * (x > 0) if y.shape == x.shape else library.zeros(x.shape)

                probes.trial, probes.gradient = trial, gradient
                probes.batches = lambda block, x: [1] * (3 if stride != 1 or arguments[0] != out else 2)
                probes.layers = lambda block, x: "no nn.Module"
                probes.run_with = lambda block, x, *rest: None
        frame = frame.f_back
    return object()
