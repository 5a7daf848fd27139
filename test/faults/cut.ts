import net from 'node:net';

/** Stands before a server, whatever is spoken there, and can cut what runs through it. */
export interface Cut {
  readonly port: number;
  /** Ends every connection; new ones are let through. */
  connections(): void;
  /** While it is so, nothing gets through. */
  down: boolean;
  close(): Promise<void>;
}

export async function startCut(target: { host: string; port: number }): Promise<Cut> {
  const open = new Set<net.Socket>();
  const server = net.createServer(near => {
    if (cut.down) {
      near.destroy();
      return;
    }
    const far = net.connect(target);
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        open.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far);
    far.pipe(near);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  const connections = () => {
    for (const socket of open) socket.destroy();
  };
  let down = false;
  const cut: Cut = {
    port,
    connections,
    get down() {
      return down;
    },
    set down(value) {
      down = value;
      if (value) connections();
    },
    async close() {
      connections();
      await new Promise(resolve => server.close(resolve));
    },
  };
  return cut;
}
