// What a run came to, to the bit: what is the same for every run of one config, however
// often it was interrupted.
import { createHash } from "node:crypto";

/** Times differ from run to run; everything else must not. */
const withoutTimes = ({ train_seconds, cpu_seconds, wall_time, ...rest }) => rest;

/** Waits for the run's end; points, weights, steps and layers of a run that finished. */
export async function outcome(lab, id) {
  const done = await lab.waitFor(id, ["finished", "failed", "diverged", "stopped"]);
  const model = async (which) => {
    const answer = await lab.request("GET", `/runs/${id}/model.safetensors?which=${which}`);
    return createHash("sha256").update(Buffer.from(await answer.arrayBuffer())).digest("hex");
  };
  return {
    state: `${done.state} ${done.stop_reason} ${done.error}`,
    points: (await lab.points(id)).map(withoutTimes),
    last: await model("last"),
    best: await model("best"),
    steps: (await lab.json("GET", `/runs/${id}/steps?max=100000`)).body.steps,
    layers: (await lab.json("GET", `/runs/${id}/layers`)).body.layers,
  };
}
