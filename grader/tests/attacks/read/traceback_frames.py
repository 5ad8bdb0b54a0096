# /// attack
# tries = "raise, and walk the traceback's frames and those behind them"
# refused = true
# ///

def behind():
    texts = []
    try:
        raise KeyError
    except KeyError as error:
        trace = error.__traceback__
        while trace is not None:
            frame = trace.tb_frame
            while frame is not None:
                texts += map(str, frame.f_locals.values())
                texts += map(str, frame.f_code.co_consts)
                frame = frame.f_back
            trace = trace.tb_next
    return loot(texts)


attempt("tracebacks", behind)
