import { importOnnx } from './packages/tensor/src/import/onnx/importOnnx.ts'
import { composeProgram } from './packages/tensor/src/program/composeProgram.ts'
import { execute } from './packages/tensor/src/engine/execute.ts'
import { encodeElements, decodeElements } from './packages/tensor/src/import/elements.ts'
import { readFileSync, readdirSync } from 'node:fs'
import ort from 'onnxruntime-node'
for (const f of readdirSync('/work/shared/data/models')) { if (!f.endsWith('.onnx')) continue
 const bytes = readFileSync('/work/shared/data/models/'+f)
 const dims = f.startsWith('cnn') ? [1,3,32,32] : [1,4]
 const size = dims.reduce((a,b)=>a*b,1)
 const make = () => Float32Array.from({length:size},()=> f.startsWith('cnn') ? Math.random()*2-1 : Math.random()*6)
 const samples = Array.from({length: 30}, make)
 let t=Date.now()
 const m = importOnnx(bytes, {calibration: samples})
 console.log(f, m.fidelity, m.parameters.layers.map(l=>l.kind).join(), Date.now()-t,'ms')
 const program = composeProgram(m.parameters)
 const s = await ort.InferenceSession.create(new Uint8Array(bytes))
 let worst=0, top=0
 for (const x of samples) {
  const out = execute(program, encodeElements(m.input, new Uint8Array(x.buffer))).at(-1)!
  const d = decodeElements(m.output, out); const mine = new Float32Array(d.buffer)
  const r = (await s.run({[s.inputNames[0]!]: new ort.Tensor('float32', x, dims)}))[s.outputNames[0]!]!.data as Float32Array
  mine.forEach((v,i)=>worst=Math.max(worst,Math.abs(v-r[i]!)))
  const am=(a:Float32Array)=>a.indexOf(Math.max(...a)); if(am(mine)===am(r)) top++
 }
 console.log({worst, scale:m.output.scale, top})
}
