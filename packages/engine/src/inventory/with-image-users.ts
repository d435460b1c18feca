import {
  type Dockerfile,
  editObject,
  type FieldEdit,
  type Image,
  isObject,
  type Json,
  type ManifestObject,
  type UnknownField,
} from '@breakwater/model';
import { imageKey } from './image-reference.ts';
import { sameImage } from './images-of.ts';

/** What readers of other platforms call a user that the image decides. */
export const USER_OF_IMAGE = 'the user of the image';

/**
 * The objects with the users that their images or Dockerfiles name. On a platform other than Kubernetes nothing but the image
 * says who runs where the manifest does not: without it that is unknown, with it it is a fact. Others are given back as they are.
 */
export function withImageUsers(
  objects: readonly ManifestObject[],
  images: readonly Image[],
  dockerfiles: readonly Dockerfile[],
): ManifestObject[] {
  const recipes = new Map(dockerfiles.map((dockerfile) => [dockerfile.path, dockerfile]));
  const byKey = Map.groupBy(
    images.flatMap((image) => image.references.map((reference) => ({ key: imageKey(reference), image }))),
    ({ key }) => key,
  );
  return objects.map((object) => {
    const open = object.translation?.unknown.filter(isAboutUser) ?? [];
    const edits = open.flatMap((field) => {
      const container = containerAt(object, field);
      const user = userOf(container, (reference) => findImage(reference, byKey), recipes);
      return user === undefined ? [] : editsFor(field, user);
    });
    return edits.length === 0 ? object : settled(object, edits);
  });
}

function isAboutUser({ reason }: UnknownField): boolean {
  return reason === USER_OF_IMAGE;
}

function findImage(
  reference: string,
  byKey: ReadonlyMap<string | undefined, readonly { image: Image }[]>,
): Image | undefined {
  const key = imageKey(reference);
  const candidates = key === undefined ? [] : (byKey.get(key) ?? []);
  return candidates.find(({ image }) => sameImage(reference, image))?.image;
}

/** Empty for root by default: an image without a user runs as root. */
function userOf(
  container: { [key: string]: Json } | undefined,
  imageOf: (reference: string) => Image | undefined,
  recipes: ReadonlyMap<string, Dockerfile>,
): string | undefined {
  const reference = container?.['image'];
  const image = typeof reference === 'string' ? imageOf(reference) : undefined;
  if (image?.config !== undefined) return image.config.user ?? '';
  const build = container?.['build'];
  const path = isObject(build) && build['target'] === undefined ? build['dockerfile'] : undefined;
  const user = typeof path === 'string' ? recipes.get(path)?.user : undefined;
  return user?.includes('$') ? undefined : user;
}

function containerAt(object: ManifestObject, { pointer }: UnknownField): { [key: string]: Json } | undefined {
  let value: Json | undefined = object.object;
  for (const step of pointer.slice(0, -2)) value = (value as Record<string | number, Json> | null | undefined)?.[step];
  return isObject(value) ? value : undefined;
}

type SettledField = FieldEdit & { of: UnknownField['pointer'] };

function editsFor({ pointer }: UnknownField, text: string): SettledField[] {
  const user = text.split(':')[0]!.trim();
  const number = user === '' || user === 'root' ? 0 : /^\d{1,10}$/.test(user) ? Number(user) : undefined;
  const set = (field: string, value: Json): SettledField => {
    return { operation: 'set', pointer: [...pointer.slice(0, -1), field], value, of: pointer };
  };
  return [
    ...(number === undefined ? [] : [set('runAsUser', number)]),
    ...(number === 0 ? [] : [set('runAsNonRoot', true)]),
  ];
}

function settled(object: ManifestObject, edits: SettledField[]): ManifestObject {
  const known = new Set(edits.map(({ of }) => of));
  const translation = object.translation!;
  return {
    ...object,
    object: editObject(object.object, edits),
    translation: { ...translation, unknown: translation.unknown.filter(({ pointer }) => !known.has(pointer)) },
  };
}
