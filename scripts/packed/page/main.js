import {
  GradientTape,
  matMul,
  randomNormal,
  setBackend,
  setSeed,
  softmaxCrossEntropy,
  tidy,
  variable,
} from '@wengert/core';
import '@wengert/backend-webgl';

/** Points on two rings, one within the other. */
const angles = Array.from({ length: 64 }, (_, i) => 2.4 * i);
const points = angles.map((angle, i) => [(1 + (i % 2)) * Math.cos(angle), (1 + (i % 2)) * Math.sin(angle)]);
const labels = angles.map((_, i) => [1 - (i % 2), i % 2]);

function step(layers) {
  return tidy(() => {
    using tape = new GradientTape();
    const [w1, b1, w2, b2] = layers;
    const logits = matMul(matMul(points, w1).add(b1).tanh(), w2).add(b2);
    const loss = softmaxCrossEntropy(labels, logits);
    const gradients = tape.gradient(loss, layers);
    layers.forEach((layer, i) => {
      layer.assign(layer.sub(gradients[i].mul(0.5)));
    });
    return loss;
  });
}

async function train() {
  await setBackend('webgl');
  setSeed(1);
  const layers = tidy(() => [
    variable(randomNormal([2, 16])),
    variable(randomNormal([16])),
    variable(randomNormal([16, 2])),
    variable([0, 0]),
  ]);
  for (let i = 0; i <= 200; i++) {
    const loss = step(layers);
    if (i % 20 === 0) {
      const item = document.createElement('li');
      item.textContent = (await loss.data())[0].toFixed(4);
      document.querySelector('#losses').append(item);
      document.querySelector('#backend').textContent = loss.backend.name;
    }
    loss.dispose();
  }
}

try {
  await train();
  document.querySelector('#state').textContent = 'done';
} catch (error) {
  document.querySelector('#state').textContent = String(error);
}
